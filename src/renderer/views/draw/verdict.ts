// What the models make of the drawing, in a sentence.
import { formatLoss } from '@shared/format'
import type { Answer } from './use-reconstructions'

const listed = (names: string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`

/** `word`: what an example of the data set is called. `noiseMse`: the squared error that the noise alone makes; 0 without noise. */
export function verdict(answers: readonly Answer[], noiseMse: number, word: 'digit' | 'image'): string {
  const drawn = answers.flatMap(({ series, through }) => (through ? [{ label: series.label, mse: through.mse }] : []))
  const order = drawn.filter(({ mse }) => Number.isFinite(mse)).sort((a, b) => a.mse - b.mse)
  const [best] = order
  const worst = order[order.length - 1]
  if (drawn.length > 0 && order.length === 0) return 'No model copies the drawing: their weights have diverged.'
  if (!best || !worst) return `Draw, paste a picture, or choose a test ${word}: each model copies it at once.`
  if (noiseMse > 0) {
    const denoisers = drawn.filter(({ mse }) => mse < noiseMse).map(({ label }) => label)
    const [errs, added] = [formatLoss(best.mse), formatLoss(noiseMse)]
    if (denoisers.length === 0)
      return `No model denoises: the closest, ${best.label}, errs by ${errs} where the noise added ${added}.`
    if (denoisers.length === 1)
      return `${best.label} denoises: its copy errs by ${errs} where the noise added ${added}.`
    const who = denoisers.length === drawn.length && drawn.length > 1 ? 'All models' : listed(denoisers)
    return `${who} denoise: closest to the clean drawing is ${best.label}, by ${errs} where the noise added ${added}.`
  }
  if (best === worst) return `${best.label} errs by ${formatLoss(best.mse)}.`
  return `${best.label} comes closest to the drawing, with an error of ${formatLoss(best.mse)}; ${worst.label} is furthest from it, with ${formatLoss(worst.mse)}.`
}
