// Binary cross-entropy of a sigmoid output σ = σ(y), from its logits y, and its gradient.
import type { Graph, Tensor } from './graph-builder'

/** As many factors of [½, 1] as a normal float32 holds, whose least is 2^−126, and as pixels in four rows of a digit. */
const FACTORS = 112

/** ∂ loss / ∂ y = σ − x: the sigmoid's slope and the logarithm's cancel. */
export function crossEntropyGradient(graph: Graph, probabilities: Tensor, targets: Tensor): Tensor {
  return graph.op('Sub', [probabilities, targets])
}

/** Targets less ½, [batch, pixels]: the form in which the loss takes them; made once for all models. */
export function centre(graph: Graph, targets: Tensor): Tensor {
  return graph.op('Sub', [targets, graph.float(0.5)])
}

/**
 * Cross-entropy of each image, summed over its pixels, [batch, 1]: softplus(y) − y·x = ½·|y| − y·(x − ½) − ln σ(|y|).
 * This form neither overflows nor needs a guard for any y, as σ(|y|) lies in [½, 1]; and so one logarithm of a product of 112 of
 * them does for 112 logarithms, which cost much. The terms cancel in each image, before any sum over the batch: float32 has room.
 */
export function crossEntropies(graph: Graph, logits: Tensor, centredTargets: Tensor): Tensor {
  const sumOverPixels = (tensor: Tensor) => graph.op('ReduceSum', [tensor, graph.integers([1])])
  const magnitude = graph.op('Abs', [logits])
  const certainty = graph.op('Sigmoid', [magnitude])
  const grouped = graph.op('Reshape', [certainty, graph.integers([0, -1, FACTORS])])
  const products = graph.op('ReduceProd', [grouped, graph.integers([2])], { keepdims: 0 })
  const logarithms = sumOverPixels(graph.op('Log', [products]))
  const halves = graph.op('Mul', [sumOverPixels(magnitude), graph.float(0.5)])
  // Mul and ReduceSum, since onnxruntime is slow at products of a row and a column.
  const matches = sumOverPixels(graph.op('Mul', [logits, centredTargets]))
  return graph.op('Sub', [graph.op('Sub', [halves, matches]), logarithms])
}
