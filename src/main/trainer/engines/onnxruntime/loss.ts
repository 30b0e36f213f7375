// Binary cross-entropy of a sigmoid output σ = σ(y), from its logits y, and its gradient.
import type { Graph, Tensor } from './graph-builder'

/** As many factors of [½, 1] as a float32 holds safely, and as pixels in a row of a digit. */
const FACTORS = 28

/** ∂ loss / ∂ y = σ − x: the sigmoid's slope and the logarithm's cancel. */
export function crossEntropyGradient(graph: Graph, probabilities: Tensor, targets: Tensor): Tensor {
  return graph.op('Sub', [probabilities, targets])
}

/** Targets less ½, [batch, pixels]: the form in which the loss takes them; made once for all models. */
export function centre(graph: Graph, targets: Tensor): Tensor {
  return graph.op('Sub', [targets, graph.float(0.5)])
}

/** The three sums over pixels, each [batch, 1], whose difference is a loss; see crossEntropies. */
export interface CrossEntropyTerms {
  magnitudes: Tensor
  products: Tensor
  logarithms: Tensor
}

/**
 * Terms of softplus(y) − y·x = ½·|y| − y·(x − ½) − ln σ(|y|). This form neither overflows nor needs a guard for any y, as σ(|y|)
 * lies in [½, 1]; and so the logarithm of a product of 28 of them stands for 28 logarithms, the dearest thing in a step.
 */
export function crossEntropyTerms(graph: Graph, logits: Tensor, centredTargets: Tensor): CrossEntropyTerms {
  const sumOverPixels = (tensor: Tensor) => graph.op('ReduceSum', [tensor, graph.integers([1])])
  const magnitude = graph.op('Abs', [logits])
  const certainty = graph.op('Sigmoid', [magnitude])
  const grouped = graph.op('Reshape', [certainty, graph.integers([0, -1, FACTORS])])
  const products = graph.op('ReduceProd', [grouped, graph.integers([2])], { keepdims: 0 })
  return {
    magnitudes: sumOverPixels(magnitude),
    // Mul and ReduceSum are the cheapest Σ x·y there is; a [1, n] × [n, 1] product costs ten times as much.
    products: sumOverPixels(graph.op('Mul', [logits, centredTargets])),
    logarithms: sumOverPixels(graph.op('Log', [products]))
  }
}

/** Cross-entropy of each image, summed over its pixels: [batch, models]. Small numbers, taken before any sum over the batch. */
export function crossEntropies(graph: Graph, terms: CrossEntropyTerms[]): Tensor {
  const columns = (term: keyof CrossEntropyTerms) =>
    graph.op(
      'Concat',
      terms.map((ofModel) => ofModel[term]),
      { axis: 1 }
    )
  const halves = graph.op('Mul', [columns('magnitudes'), graph.float(0.5)])
  return graph.op('Sub', [graph.op('Sub', [halves, columns('products')]), columns('logarithms')])
}
