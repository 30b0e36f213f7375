// Adam's update of one parameter tensor, as nodes.
import { ADAM } from '@shared/experiment'
import { SQUARE_FACTOR } from '../adam-factors'
import type { Graph, Tensor } from './graph-builder'

/** A parameter tensor and Adam's moments of it. */
export interface Parameter {
  weight: Tensor
  firstMoment: Tensor
  secondMoment: Tensor
}

/** m ← β1·m + (1−β1)·g, v ← β2·v + (1−β2)·g², w ← w − rate·m / (√v + ε). `scaledGradient`: (1−β1)·g; `rate`: a scalar, see adamRate. */
export function adam(graph: Graph, parameter: Parameter, scaledGradient: Tensor, rate: Tensor): Parameter {
  const { weight } = parameter
  const times = (tensor: Tensor, factor: number) => graph.op('Mul', [tensor, graph.float(factor)])
  const firstMoment = graph.op('Add', [times(parameter.firstMoment, ADAM.beta1), scaledGradient])
  const square = graph.op('Mul', [scaledGradient, scaledGradient])
  const weightedSquare = times(square, SQUARE_FACTOR)
  const secondMoment = graph.op('Add', [times(parameter.secondMoment, ADAM.beta2), weightedSquare])
  const deviation = graph.op('Add', [graph.op('Sqrt', [secondMoment]), graph.float(ADAM.epsilon)])
  const direction = graph.op('Div', [firstMoment, deviation])
  return { weight: graph.op('Sub', [weight, graph.op('Mul', [direction, rate])]), firstMoment, secondMoment }
}
