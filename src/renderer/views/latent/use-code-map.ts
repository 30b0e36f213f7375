// The codes of the test images by one model at the cursor's epoch; those of another epoch stay until the new ones have come.
import { shallowRef, watch, type Ref } from 'vue'
import { toLabErrorData } from '@shared/errors'
import type { CodeMap } from '../../models/code-map'
import { useModelsStore } from '../../stores/models-store'

export interface CodeMapAt {
  key: string
  model: number
  map: CodeMap
}

export function useCodeMap(model: Readonly<Ref<number | null>>) {
  const models = useModelsStore()
  const found = shallowRef<CodeMapAt | null>(null)

  async function look(): Promise<void> {
    const key = models.loaded?.key
    const wanted = model.value
    if (found.value?.model !== wanted) found.value = null
    if (!key || wanted === null) {
      found.value = null
      return
    }
    try {
      const map = await models.mapOf(key, wanted)
      if (map && models.loaded?.key === key && model.value === wanted) found.value = { key, model: wanted, map }
    } catch (thrown) {
      models.problem = toLabErrorData(thrown)
    }
  }

  watch(
    () => [models.loaded, model.value],
    () => void look(),
    { immediate: true }
  )
  return found
}
