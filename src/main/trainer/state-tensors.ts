// The tensors of a model's state: their names in the checkpoint, and whether their values are finite.
import { optimizers, tensorNames, type ModelConfig } from '@shared/model'
import type { ModelState } from './engines/engine'

/**
 * The names of a model's tensors in the file: its weights bear their own, so that any safetensors reader finds them; the optimizer's
 * slots have theirs added, `d=2.encoder.weight.m`.
 */
export function namesOf({ id, layers, optimizer }: ModelConfig): string[][] {
  const suffixes = ['', ...optimizers[optimizer].slots.map((slot) => `.${slot}`)]
  return suffixes.map((suffix) => tensorNames(layers).map((name) => `${id}.${name}${suffix}`))
}

/** The name of the first tensor of a model's state that holds a value that is NaN or infinite; null where all are finite. */
export function notFinite(model: ModelConfig, { weights, slots }: ModelState): string | null {
  const names = namesOf(model)
  for (const [kind, tensors] of [weights, ...slots].entries()) {
    const index = tensors.findIndex((values) => !areFinite(values))
    if (index >= 0) return names[kind]?.[index] ?? ''
  }
  return null
}

/** In one pass without a branch: nothing but NaN and infinity times zero is not zero. */
function areFinite(values: Float32Array): boolean {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += (values[index] as number) * 0
  return sum === 0
}
