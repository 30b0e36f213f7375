// The numbers of Adam that are no tensors, as Keras has it (Kingma & Ba 2015, end of section 2); each engine writes the update itself.
import { ADAM } from '@shared/experiment'

/** The gradient is asked for times 1 − β1, which is free where it is made: so m takes it as it comes. */
export const GRADIENT_FACTOR = 1 - ADAM.beta1

/** What makes the square of a gradient that was asked for so into what v takes: (1 − β2)·g². */
export const SQUARE_FACTOR = (1 - ADAM.beta2) / GRADIENT_FACTOR ** 2

/** Rate of step t = 1, 2, …: the learning rate with both bias corrections folded in, in double precision. */
export function adamRate(learningRate: number, step: number): number {
  return (learningRate * Math.sqrt(1 - ADAM.beta2 ** step)) / (1 - ADAM.beta1 ** step)
}
