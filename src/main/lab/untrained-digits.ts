// Epoch 0: what the untrained models make of the probes. Nobody stores it: it follows from the experiment's seeds.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DigitHistory, Probes } from '@shared/contract'
import { modelsOf } from '@shared/experiment'
import { decode, encode, inputsOf } from '@shared/forward'
import { digitBytes, type RunFile } from '@shared/run'
import { toBytes } from '../trainer/evaluate'
import { initialWeights } from '../trainer/initial-state'

/** Runs whose digits are kept: those that someone looks at now. */
const MOST_KEPT = 8

/** Reconstructions by a run's models before their first step, [models × 20 × pixels of an image] uint8. */
export type UntrainedDigits = (run: Pick<RunFile, 'id' | 'experiment' | 'models' | 'dataset'>) => Promise<Uint8Array>

export function createUntrainedDigits(
  readProbes: (run: Parameters<UntrainedDigits>[0]) => Promise<Probes>
): UntrainedDigits {
  const kept = new Map<string, Promise<Uint8Array>>()
  return (run) => {
    const digits = kept.get(run.id) ?? readProbes(run).then((probes) => untrainedDigits(run, probes))
    kept.delete(run.id)
    kept.set(run.id, digits)
    digits.catch(() => kept.delete(run.id))
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest)
    return digits
  }
}

/** A history from epoch 0 on: the untrained models' digits before those that are `stored`, from epoch 1 on. */
export function historyFromZero(untrained: Uint8Array, { epochs, models, pixels }: DigitHistory): DigitHistory {
  const all = new Uint8Array(untrained.length + pixels.length)
  all.set(untrained)
  all.set(pixels, untrained.length)
  return { firstEpoch: 0, epochs: epochs + 1, models, pixels: all }
}

/** Model by model, between which others have their turn. */
async function untrainedDigits(run: Parameters<UntrainedDigits>[0], { pixels }: Probes): Promise<Uint8Array> {
  const images = inputsOf(pixels)
  const digits = new Uint8Array(digitBytes(run))
  for (const [index, model] of modelsOf(run.experiment, run.dataset.rows * run.dataset.columns).entries()) {
    const weights = initialWeights(model)
    const drawn = decode(model.layers, weights, encode(model.layers, weights, images))
    digits.set(toBytes(drawn), index * drawn.length)
    await nextTurn()
  }
  return digits
}
