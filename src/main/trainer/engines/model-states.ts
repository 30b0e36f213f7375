// Between the states that every engine saves and loads, a model each, and what an engine holds: all models' tensors of one kind together.
import { LabError } from '@shared/errors'
import type { ModelSpec, ModelState, ModelTensors } from '../engine'

/** What training changes in a model, in the order in which engines keep it. */
export const stateKinds = ['weights', 'firstMoment', 'secondMoment'] as const

/** The tensors of each model for each of stateKinds, and the steps that the first model has taken. */
export interface TensorsByKind {
  kinds: ModelTensors[][]
  step: number
}

/** Takes the states of `models` apart; other states are left alone. Throws LabError `internal` if one is missing. */
export function byKind(models: readonly ModelSpec[], states: readonly ModelState[]): TensorsByKind {
  const own = models.map((model) => stateOf(states, model))
  return { kinds: stateKinds.map((kind) => own.map((state) => state[kind])), step: own[0]?.step ?? 0 }
}

/** The inverse of byKind: a state a model. */
export function byModel(models: readonly ModelSpec[], { kinds, step }: TensorsByKind): ModelState[] {
  return models.map(({ name }, index) => {
    const [weights, firstMoment, secondMoment] = kinds.map((ofKind) => ofKind[index] as ModelTensors)
    return { name, weights, firstMoment, secondMoment, step } as ModelState
  })
}

/** All memory of states that are given away: a thread can move it to another instead of copying it. */
export function memoryOf(states: readonly ModelState[]): ArrayBuffer[] {
  const tensors = states.flatMap((state) => stateKinds.flatMap((kind) => Object.values(state[kind])))
  return [...new Set(tensors.map((tensor) => tensor.buffer as ArrayBuffer))]
}

/** The error for whoever asks for something before `load`. */
export function notLoaded(): LabError {
  return new LabError('internal', 'The models have no weights yet: load must come before')
}

function stateOf(states: readonly ModelState[], { name }: ModelSpec): ModelState {
  const state = states.find((candidate) => candidate.name === name)
  if (state) return state
  throw new LabError('internal', `The state to load has no model ${name}`)
}
