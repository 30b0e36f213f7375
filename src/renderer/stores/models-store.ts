// The models of the open run at the cursor's epoch, ready to run in the worker, and the test images: for views that look inside.
import { defineStore } from 'pinia'
import { computed, onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue'
import type { TestImages } from '@shared/contract'
import { LabError, toLabErrorData, Unreachable, type LabErrorData } from '@shared/errors'
import { modelsOf } from '@shared/experiment'
import { inputsOf } from '@shared/forward'
import type { DatasetInfo } from '@shared/run'
import type { CodeMap } from '../models/code-map'
import type { ImageErrors } from '../models/messages'
import { createModelClient, type ModelClient } from '../models/model-client'
import { openModelWorker, type ModelPort } from '../models/open-model-worker'
import { useCursorStore } from './cursor-store'
import { useLabStore } from './lab-store'
import { useRunStore } from './run-store'

/** Epochs whose weights the worker keeps, and answers about models that the page keeps. */
const MOST_EPOCHS_KEPT = 6
const MOST_ANSWERS_KEPT = 64

/** The weights that are there: of this run and epoch. */
export interface LoadedEpoch {
  key: string
  epoch: number
}

export const useModelsStore = defineStore('models', () => {
  const lab = useLabStore()
  const run = useRunStore()
  const cursor = useCursorStore()
  const images = shallowRef<TestImages | null>(null)
  const loaded = shallowRef<LoadedEpoch | null>(null)
  /** Why there are no weights, or no test images. */
  const problem = shallowRef<LabErrorData | null>(null)
  const viewers = ref(0)
  const answers = new Map<string, Promise<CodeMap | ImageErrors | Float32Array | null>>()
  const sent: string[] = []
  let opened: { port: ModelPort; client: ModelClient } | null = null
  /** SHA-256 of the data set that the images are of. */
  let imagesOf: string | null = null
  let isLoading = false

  const wanted = computed(() =>
    viewers.value > 0 && run.file ? { id: run.file.id, epoch: cursor.epoch, last: run.lastEpoch } : null
  )

  function worker() {
    if (!opened) {
      const port = openModelWorker()
      opened = { port, client: createModelClient(port) }
    }
    return opened
  }

  /** Follows the cursor; what was passed over while the last answer came is left out. */
  async function load(): Promise<void> {
    if (isLoading || !wanted.value) return
    isLoading = true
    let asked: typeof wanted.value
    do {
      asked = wanted.value
      if (asked) await loadEpoch(asked.id, asked.epoch)
    } while (wanted.value && (wanted.value.id !== asked?.id || wanted.value.epoch !== asked.epoch))
    isLoading = false
  }

  async function loadEpoch(id: string, epoch: number): Promise<void> {
    const { file } = run
    if (!file) return
    try {
      const gone = run.view?.dataProblem
      if (gone) throw LabError.from(gone)
      await loadImages(file.dataset)
      const weights = await lab.calls.readWeights(id, epoch)
      if (run.file?.id !== id) return
      const key = `${id} ${weights.epoch}`
      const chains = modelsOf(file.experiment, file.dataset.rows * file.dataset.columns)
      if (!sent.includes(key)) {
        const models = weights.models.map((bytes, model) => ({ layers: [...(chains[model]?.layers ?? [])], bytes }))
        worker().port.post({ type: 'weights', key, models })
        sent.push(key)
        forgetOldest()
      }
      if (loaded.value?.key !== key) loaded.value = { key, epoch: weights.epoch }
      problem.value = null
    } catch (thrown) {
      if (run.file?.id !== id || thrown instanceof Unreachable) return
      problem.value = toLabErrorData(thrown)
      loaded.value = null
    }
  }

  async function loadImages({ name, sha256 }: Pick<DatasetInfo, 'name' | 'sha256'>): Promise<void> {
    if (imagesOf === sha256 && images.value) return
    const read = await lab.calls.readTestImages(name)
    forgetAll()
    imagesOf = sha256
    images.value = read
    worker().port.post({ type: 'images', images: read })
  }

  /** Models take images of their own run alone. */
  function forgetAll(): void {
    loaded.value = null
    answers.clear()
    for (const key of sent.splice(0)) worker().port.post({ type: 'forget', key })
  }

  function forgetOldest(): void {
    if (sent.length <= MOST_EPOCHS_KEPT) return
    const key = sent.shift() as string
    worker().port.post({ type: 'forget', key })
    for (const name of answers.keys()) if (name.startsWith(`${key} `)) answers.delete(name)
  }

  /** Keeps an answer while it is of use; what was overtaken or has failed is asked for again. */
  function kept<Answer extends CodeMap | ImageErrors | Float32Array>(
    name: string,
    ask: () => Promise<Answer | null>
  ): Promise<Answer | null> {
    const found = answers.get(name) as Promise<Answer | null> | undefined
    if (found) return found
    const asked = ask()
    const forget = () => {
      if (answers.get(name) === asked) answers.delete(name)
    }
    asked.then((answer) => answer ?? forget(), forget)
    answers.set(name, asked)
    for (const oldest of answers.keys()) {
      if (answers.size <= MOST_ANSWERS_KEPT) break
      answers.delete(oldest)
    }
    return asked
  }

  /** Codes of all test images; null where an epoch chosen later has overtaken it. */
  function mapOf(key: string, model: number): Promise<CodeMap | null> {
    return kept(`${key} map ${model}`, () => worker().client.ask(`map ${model}`, 'map', { key, model }))
  }

  /** Errors of the first `count` test images; `onShare` hears what is done of them where they are computed for it. */
  function errorsOf(key: string, model: number, count: number, onShare: (share: number) => void) {
    const input = { key, model, count }
    const ask = () => worker().client.ask(`errors ${model}`, 'errors', input, onShare)
    return kept<ImageErrors>(`${key} errors ${model} ${count}`, ask)
  }

  /** By how much the squared error of the first `count` test images grows without each unit; null where it was overtaken. */
  function unitEffectsOf(key: string, model: number, count: number): Promise<Float32Array | null> {
    const input = { key, model, count }
    return kept(`${key} effects ${model} ${count}`, () => worker().client.ask('effects', 'unitEffects', input))
  }

  /** The image as models take it, 0 to 1; null before the images are there, or where there is none of this number. */
  function testImage(index: number): Float32Array | null {
    if (!images.value) return null
    const { pixels, rows, columns, labels } = images.value
    if (!(index >= 0 && index < labels.length)) return null
    const size = rows * columns
    return inputsOf(pixels.subarray(index * size, (index + 1) * size))
  }

  const client = (): ModelClient => worker().client
  /** Gives up what was asked on a channel. */
  const drop = (channel: string) => opened?.client.drop(channel)

  watch(
    () => run.file?.id,
    () => {
      loaded.value = null
      problem.value = null
    }
  )
  watch(
    () => run.file?.dataset.sha256,
    (sha256) => {
      if (sha256 !== undefined && sha256 !== imagesOf) images.value = null
    }
  )
  watch(wanted, () => void load())
  lab.onOpen(() => void load())

  return { images, loaded, problem, viewers, mapOf, errorsOf, unitEffectsOf, testImage, client, drop, load }
})

/** The same for a view: weights are loaded while one is on the page. */
export function useModels() {
  const models = useModelsStore()
  onMounted(() => models.viewers++)
  onBeforeUnmount(() => models.viewers--)
  return models
}
