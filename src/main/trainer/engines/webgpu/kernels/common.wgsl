// What kernels share. Rows of images, activations and weights are padded with zeros to whole vec4s; a size in vec4s ends in 4.
// Functions return at their end alone: older compilers take what follows an early return for divergent, and barriers must not be.

const NONE = 0xffffffffu;

/** A batch, or a chunk of a long one, or images to answer to. */
struct Step {
  first: u32,         // where its images begin in `order`
  count: u32,         // its images
  slot: u32,          // where its losses and its learning rates lie
  begins: u32,        // 1: the first chunk of a batch
  ends: u32,          // 1: the last chunk of a batch
  keeps: u32,         // 1: reconstructions are wanted
  scale: f32,         // 1 / (images of the batch · pixels)
}

/** What a workgroup needs to know: a layer of a model, and the part of it that is the workgroup's. */
struct Tile {
  model: u32,
  inputs4: u32,
  outputs4: u32,
  outputs: u32,       // without padding
  inputActivation: u32,
  activation: u32,
  loss: u32,
  weights: u32,       // vec4s of `state` before the matrix [inputs][outputs4]
  bias: u32,          // and before the bias [outputs4]
  slots: u32,         // vec4s from a weight to its first value of the optimizer, and from there to the second
  chunks: u32,        // and to the sum of its gradient over the chunks of a batch
  source: u32,        // vec4s before the inputs [images][inputs4] in `activations`, their gradients in `gradients`; NONE: images
  outcome: u32,       // the same of the outputs [images][outputs4]
  row4: u32,          // the tile's first row and column
  column4: u32,
  end4: u32,          // where its columns end
}

@group(0) @binding(0) var<uniform> now: Step;
@group(0) @binding(3) var<storage, read> tiles: array<Tile>;
