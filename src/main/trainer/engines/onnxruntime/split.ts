// Splits the models of a group whose one graph would take more memory than it may.
import type { ModelSpec } from '../../engine'

/**
 * Parts of the models, as indices into them, each of which `fits`: as few as there can be of neighbours in width, since a GPU pads all models of a
 * part to its widest. A model that does not fit alone is a part by itself all the same: training it is for the device to refuse.
 */
export function split<Model extends Pick<ModelSpec, 'latentDim'>>(
  models: readonly Model[],
  fits: (part: Model[]) => boolean
): number[][] {
  const at = (indices: number[]) => indices.map((index) => models[index] as Model)
  const widthOf = (index: number) => models[index]?.latentDim ?? 0
  const widestFirst = models.map((_, index) => index).sort((a, b) => widthOf(b) - widthOf(a))
  const parts: number[][] = []
  for (const index of widestFirst) {
    const last = parts[parts.length - 1]
    if (last && fits(at([...last, index]))) last.push(index)
    else parts.push([index])
  }
  return parts.map((part) => part.sort((a, b) => a - b)).reverse()
}
