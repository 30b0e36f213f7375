// What the models of the run make of the drawing, at the cursor's epoch: asked for as it changes, the newest alone.
import { computed, shallowRef, watch, type Ref } from 'vue'
import { toLabErrorData } from '@shared/errors'
import { isActive } from '@shared/run'
import type { Series } from '@shared/series'
import type { ImageErrors } from '../../models/messages'
import { bceOf, mseOf, nearestRank, shareBelow } from '../../models/errors'
import { useDrawStore } from '../../stores/draw-store'
import { useModels } from '../../stores/models-store'
import { useRunStore } from '../../stores/run-store'

/** Test images whose errors the drawing's is compared with: all, or fewer while the processor has a run to train. */
const WHILE_TRAINING = 1000

export interface Through {
  /** The reconstruction, 0 to 1. */
  pixels: Float32Array
  /** Against the clean drawing. */
  mse: number
  bce: number
  /** Squared error against what the model saw; the same where there was no noise. */
  seenMse: number
}

/** Where ordinary digits lie: squared errors of test images without noise. */
export interface Ordinary {
  low: number
  median: number
  high: number
  /** Share of the test images with a lower error than the drawing; null while there is no drawing. */
  below: number | null
  count: number
}

export interface Answer {
  series: Series
  through: Through | null
  ordinary: Ordinary | null
  /** Share of the test digits that were measured for it so far; null while none were. */
  compared: number | null
}

export function useReconstructions(series: Readonly<Ref<readonly Series[]>>) {
  const models = useModels()
  const draw = useDrawStore()
  const run = useRunStore()
  /** Of the models, by their index in the run. */
  const throughs = shallowRef(new Map<number, Through>())
  const errors = shallowRef(new Map<number, ImageErrors>())
  /** The model whose test digits are measured now, and the share of them that is done in whole percent. */
  const measured = shallowRef<{ model: number; share: number } | null>(null)
  /** Squared error that the noise alone makes. */
  const noiseMse = shallowRef(0)
  const indices = computed(() => series.value.map(({ models: [first = 0] }) => first))
  const isTraining = computed(() => run.view !== null && isActive(run.view.state))

  async function askForPixels(): Promise<void> {
    const { clean, seen } = draw
    const key = models.loaded?.key
    if (!clean || !seen || !key) {
      models.drop('draw')
      throughs.value = new Map()
      noiseMse.value = 0
      return
    }
    const asked = indices.value
    const results = await models.client().ask('draw', 'reconstruct', { key, models: asked, images: seen })
    if (!results) return
    noiseMse.value = mseOf(clean, seen)
    throughs.value = new Map(
      results.map(({ pixels }, index) => {
        const [mse, bce, seenMse] = [mseOf(clean, pixels), bceOf(clean, pixels), mseOf(seen, pixels)]
        return [asked[index] as number, { pixels, mse, bce, seenMse }]
      })
    )
  }

  async function askForErrors(): Promise<void> {
    const key = models.loaded?.key
    const count = models.images?.labels.length ?? 0
    if (!key || count === 0) return
    const most = isTraining.value ? Math.min(WHILE_TRAINING, count) : count
    for (const model of indices.value) {
      const found = await models.errorsOf(key, model, most, (share) => {
        const percent = Math.floor(100 * share) / 100
        if (measured.value?.share !== percent) measured.value = { model, share: percent }
      })
      if (models.loaded?.key !== key) return
      if (found) errors.value = new Map(errors.value).set(model, found)
    }
    measured.value = null
  }

  const fail = (thrown: unknown) => {
    models.problem = toLabErrorData(thrown)
  }
  watch(
    () => [draw.seen, draw.clean, models.loaded, indices.value],
    () => void askForPixels().catch(fail),
    { immediate: true }
  )
  watch(
    () => models.loaded,
    () => (errors.value = new Map()) // of another epoch
  )
  watch(
    () => [models.loaded, indices.value, isTraining.value],
    () => void askForErrors().catch(fail),
    { immediate: true }
  )

  const answers = computed<Answer[]>(() =>
    series.value.map((one, index) => {
      const model = indices.value[index] as number
      const through = throughs.value.get(model) ?? null
      const found = errors.value.get(model)
      return {
        series: one,
        through,
        ordinary: found ? ordinaryOf(found.sortedMse, through) : null,
        compared: measured.value?.model === model ? measured.value.share : null
      }
    })
  )
  return { answers, noiseMse }
}

function ordinaryOf(sorted: Float32Array, through: Through | null): Ordinary {
  const [low, median, high] = [0.05, 0.5, 0.95].map((share) => nearestRank(sorted, share)) as [number, number, number]
  return { low, median, high, below: through && shareBelow(sorted, through.mse), count: sorted.length }
}
