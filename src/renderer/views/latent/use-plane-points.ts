// Where the codes of a model lie in its plane: by the code itself or its principal components, or laid out by UMAP.
import { computed, shallowRef, watch, type Ref } from 'vue'
import { useLayoutsStore, type LayoutOf } from '../../stores/layouts-store'
import { useModelsStore } from '../../stores/models-store'
import { deadUnits } from '../../models/code-map'
import { useCodeMap } from './use-code-map'

export function usePlanePoints(model: Readonly<Ref<number | null>>, isUmap: Readonly<Ref<boolean>>) {
  const models = useModelsStore()
  const layouts = useLayoutsStore()
  const found = useCodeMap(model)
  const of = computed<LayoutOf | null>(() => {
    if (!isUmap.value || !models.loaded || model.value === null) return null
    return { key: models.loaded.key, epoch: models.loaded.epoch, model: model.value }
  })
  const state = computed(() => of.value && layouts.stateOf(of.value))
  /** Those of another epoch stay while it is not known whether a layout is stored. */
  const laidOut = shallowRef<Float32Array | null>(null)
  /** Whether no unit tells images apart: where they lie is rounding noise. */
  const isFlat = computed(() => {
    const units = found.value?.map.units
    return units !== undefined && deadUnits(units).length === units.sd.length
  })
  const points = computed(() =>
    isFlat.value ? null : isUmap.value ? laidOut.value : (found.value?.map.points ?? null)
  )

  watch(model, () => (laidOut.value = null))
  watch(of, (wanted) => wanted && void layouts.look(wanted), { immediate: true })
  watch(
    state,
    (now) => {
      if (now?.is !== 'sought') laidOut.value = now?.is === 'there' ? now.points : null
    },
    { immediate: true }
  )

  /** What the user asks for by choosing UMAP: stored or computed. */
  async function layOut(): Promise<void> {
    const wanted = of.value
    if (!wanted) return
    await layouts.look(wanted)
    void layouts.compute(wanted)
  }

  function cancel(): void {
    if (of.value) void layouts.cancel(of.value)
  }

  return { found, state, isFlat, points, layOut, cancel }
}
