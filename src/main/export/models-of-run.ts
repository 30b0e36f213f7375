// The models of a run with what each was trained with.
import { hyperparametersAt, valuesOf } from '@shared/experiment'
import {
  formatValue,
  type HyperparameterKey,
  type Hyperparameters,
  type HyperparameterValue
} from '@shared/hyperparameters'
import { epochsDone, type RunFile, type RunModel } from '@shared/run'

export interface TrainedModel extends RunModel {
  /** Of the varied hyperparameter. */
  value: HyperparameterValue
  hyperparameters: Hyperparameters
  /** Complete epochs of its own: where epochs are varied, histories go on with the last values. */
  epochsDone: number
}

/** In the order of run.json. */
export function trainedModels(file: RunFile): TrainedModel[] {
  const values = valuesOf(file.experiment)
  return file.models.map((model) => {
    const value = values[model.rank] as HyperparameterValue
    const hyperparameters = hyperparametersAt(file.experiment, value)
    return { ...model, value, hyperparameters, epochsDone: Math.min(hyperparameters.epochs, epochsDone(file)) }
  })
}

/** A hyperparameter as tables have it: a number, or the command line's spelling, `128-64` of hidden layers. */
export function plainValue({ hyperparameters }: TrainedModel, key: HyperparameterKey): number | string {
  const value = hyperparameters[key]
  return typeof value === 'number' ? value : formatValue(key, value)
}
