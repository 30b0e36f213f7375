// The gradient of a hidden layer before its activation: slope · (gradient of the next layer · its weights, turned).
// `tile` is of that next layer; the tile's columns are its inputs.

@group(0) @binding(4) var<storage, read> state: array<vec4f>;
@group(0) @binding(5) var<storage, read> activations: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> gradients: array<vec4f>;

fn gradientAt(tile: Tile, image: u32, k4: u32) -> vec4f {
  var value = vec4f();
  if (image < now.count) {
    value = gradients[tile.outcome + image * tile.outputs4 + k4];
  }
  return value;
}

var<private> firstOfFour: u32; // of the images that this thread stages

fn stage(tile: Tile, column4: u32, k0: u32, n: u32, t: u32) {
  for (var i = t / R4; i < n / 4u; i += THREADS / R4) {
    let k4 = k0 / 4u + i;
    putTurned(t % R4, 4u * i, mat4x4f(
      gradientAt(tile, firstOfFour, k4), gradientAt(tile, firstOfFour + 1u, k4),
      gradientAt(tile, firstOfFour + 2u, k4), gradientAt(tile, firstOfFour + 3u, k4)
    ));
  }
  let column = column4 + t % C4;
  for (var i = t / C4; i < n / 4u; i += THREADS / C4) {
    var rows: mat4x4f;
    if (column < tile.inputs4) {
      let at = tile.weights + 4u * column * tile.outputs4 + k0 / 4u + i;
      rows = mat4x4f(state[at], state[at + tile.outputs4], state[at + 2u * tile.outputs4], state[at + 3u * tile.outputs4]);
    }
    putTurned(R4 + t % C4, 4u * i, rows);
  }
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let tile = tiles[group.y];
  let firstImage = group.x * R4 * 4u;
  firstOfFour = firstImage + 4u * (t % R4);
  layDown(product(tile, tile.column4, tile.outputs4 * 4u, t), t);
  for (var i = t; i < 4u * R4 * C4; i += THREADS) {
    let image = firstImage + i / C4;
    let column4 = tile.column4 + i % C4;
    if (image < now.count && column4 < tile.inputs4) {
      let at = tile.source + image * tile.inputs4 + column4;
      gradients[at] = tileSum(i) * slope(tile.inputActivation, activations[at]);
    }
  }
}
