// A hidden layer of every model: activation(inputs · weights + bias).

@group(0) @binding(4) var<storage, read> state: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> activations: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let tile = tiles[group.y];
  let firstImage = group.x * R4 * 4u;
  findRows(tile, firstImage, t);
  layDown(product(tile, tile.column4, tile.inputs4 * 4u, t), t);
  for (var i = t; i < 4u * R4 * C4; i += THREADS) {
    let image = firstImage + i / C4;
    let column4 = tile.column4 + i % C4;
    if (image < now.count && column4 < tile.outputs4) {
      let h = activated(tile.activation, tileSum(i) + state[tile.bias + column4]);
      // Padding must stay 0 to add nothing to the next layer, and sigmoid(0) is not.
      let real = 4u * column4 + vec4u(0u, 1u, 2u, 3u) < vec4u(tile.outputs);
      activations[tile.outcome + image * tile.outputs4 + column4] = select(vec4f(), h, real);
    }
  }
}
