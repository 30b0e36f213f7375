// The image of a code, or the copy of an image, by one model: asked for as they change, the newest alone.
import { shallowRef, watch, type Ref } from 'vue'
import { toLabErrorData } from '@shared/errors'
import { useModelsStore } from '../../stores/models-store'

export interface Code {
  key: string
  model: number
  codes: Float32Array
}

/** Images, 0 to 1, of codes; one question at a time on the channel. */
export function useDecoded(channel: string, code: () => Code | null) {
  const models = useModelsStore()
  const pixels: Ref<Float32Array | null> = shallowRef(null)
  watch(
    code,
    async (wanted) => {
      if (!wanted) {
        models.drop(channel)
        pixels.value = null
        return
      }
      try {
        const answer = await models.client().ask(channel, 'decode', wanted)
        if (answer) pixels.value = answer
      } catch (thrown) {
        models.problem = toLabErrorData(thrown)
      }
    },
    { immediate: true }
  )
  return pixels
}

/** Codes of images by a model, and their copies; one question at a time on the channel. */
export function useCopies(channel: string, input: () => { key: string; model: number; images: Float32Array } | null) {
  const models = useModelsStore()
  const copies = shallowRef<{ key: string; model: number; codes: Float32Array; pixels: Float32Array } | null>(null)
  watch(
    input,
    async (wanted) => {
      if (!wanted) {
        models.drop(channel)
        copies.value = null
        return
      }
      const { key, model, images } = wanted
      try {
        const answer = await models.client().ask(channel, 'reconstruct', { key, models: [model], images })
        if (answer?.[0]) copies.value = { key, model, ...answer[0] }
      } catch (thrown) {
        models.problem = toLabErrorData(thrown)
      }
    },
    { immediate: true }
  )
  return copies
}
