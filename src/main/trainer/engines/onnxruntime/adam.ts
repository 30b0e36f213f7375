// Adam as Keras has it (Kingma & Ba 2015, end of section 2): the update of one parameter tensor, and the rate of each step.
import { ADAM } from '@shared/experiment'
import type { Graph, Tensor } from './graph-builder'

/** A parameter tensor and Adam's moments of it. */
export interface Parameter {
  weight: Tensor
  firstMoment: Tensor
  secondMoment: Tensor
}

/** The gradient is asked for times 1 − β1, which is free where it is made: so m takes it as it comes. */
export const GRADIENT_FACTOR = 1 - ADAM.beta1

/** m ← β1·m + (1−β1)·g, v ← β2·v + (1−β2)·g², w ← w − rate·m / (√v + ε). `scaledGradient`: (1−β1)·g; `rate`: a scalar, see adamRate. */
export function adam(graph: Graph, parameter: Parameter, scaledGradient: Tensor, rate: Tensor): Parameter {
  const { weight } = parameter
  const times = (tensor: Tensor, factor: number) => graph.op('Mul', [tensor, graph.float(factor)])
  const firstMoment = graph.op('Add', [times(parameter.firstMoment, ADAM.beta1), scaledGradient])
  const square = graph.op('Mul', [scaledGradient, scaledGradient])
  const weightedSquare = times(square, (1 - ADAM.beta2) / GRADIENT_FACTOR ** 2)
  const secondMoment = graph.op('Add', [times(parameter.secondMoment, ADAM.beta2), weightedSquare])
  const deviation = graph.op('Add', [graph.op('Sqrt', [secondMoment]), graph.float(ADAM.epsilon)])
  const direction = graph.op('Div', [firstMoment, deviation])
  return { weight: graph.op('Sub', [weight, graph.op('Mul', [direction, rate])]), firstMoment, secondMoment }
}

/** Rate of step t = 1, 2, …: the learning rate with both bias corrections folded in, in double precision. */
export function adamRate(learningRate: number, step: number): number {
  return (learningRate * Math.sqrt(1 - ADAM.beta2 ** step)) / (1 - ADAM.beta1 ** step)
}
