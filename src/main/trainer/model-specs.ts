// The models of an experiment, narrowest first, as an engine takes them.
import { latentDimsOf, modelName, type Experiment } from '@shared/experiment'
import type { ModelSpec } from './engine'

/** Named by what is varied: `d=2`, `d=8`, … */
export function modelSpecs(experiment: Experiment): ModelSpec[] {
  const { activation } = experiment
  return latentDimsOf(experiment).map((latentDim) => ({ name: modelName(latentDim), latentDim, activation }))
}
