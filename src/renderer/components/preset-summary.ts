// What a shipped recipe is about, in a line below its title.
import { valuesOf, type Experiment } from '@shared/experiment'
import { displayValue } from '@shared/hyperparameters'
import { baseParts } from '@shared/recipe-parts'

/** `tanh, batch 128, 70 epochs` of a recipe that varies the latent dimension, as the article does; else what it varies: `none, 128, 256-128; d = 16`. */
export function presetSummary({ base, varied }: Experiment): string {
  const { key } = varied
  if (key === 'latentDim') return baseParts(base).join(', ')
  const values = valuesOf({ varied }).map((value) => displayValue(key, value))
  return `${values.join(', ')}; d = ${base.latentDim}`
}
