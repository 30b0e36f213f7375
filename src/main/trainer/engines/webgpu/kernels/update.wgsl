// The gradient of every weight (inputs, turned, · gradients of the outputs) and bias, and the optimizer on each at once.
// A batch in chunks: the gradient is added up, and the optimizer comes with the last.

@group(0) @binding(4) var<storage, read_write> state: array<vec4f>;
@group(0) @binding(5) var<storage, read> activations: array<vec4f>;
@group(0) @binding(6) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(8) var<storage, read> rates: array<vec2f>; // [slots][models]: the step, and the share that weight decay takes off

var<private> ofBias: vec4f; // the gradients that this thread has staged: all of column t % C4

fn stage(tile: Tile, column4: u32, k0: u32, n: u32, t: u32) {
  let row = tile.row4 + t % R4;
  for (var k = t / R4; k < n; k += THREADS / R4) {
    var value = vec4f();
    if (row < tile.inputs4) {
      if (tile.source == NONE) {
        value = grey(images[order[now.first + k0 + k] * tile.inputs4 + row]);
      } else {
        value = activations[tile.source + (k0 + k) * tile.inputs4 + row];
      }
    }
    put(t % R4, k, value);
  }
  let column = column4 + t % C4;
  for (var k = t / C4; k < n; k += THREADS / C4) {
    var value = vec4f();
    if (column < tile.outputs4) {
      value = gradients[tile.outcome + (k0 + k) * tile.outputs4 + column];
    }
    ofBias += value;
    put(R4 + t % C4, k, value);
  }
}

fn learn(tile: Tile, at: u32, gradient: vec4f) {
  var g = gradient;
  if (CHUNKED && now.begins == 0u) {
    g += state[at + tile.chunks];
  }
  if (CHUNKED && now.ends == 0u) {
    state[at + tile.chunks] = g;
  } else {
    optimize(at, tile.slots, rates[now.slot * MODELS + tile.model], g);
  }
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let index = group.y * WIDEST + group.x;
  if (index >= arrayLength(&tiles)) {
    return;
  }
  let tile = tiles[index];
  layDown(product(tile, tile.column4, now.count, t), t);
  for (var i = t; i < 4u * R4 * C4; i += THREADS) {
    let row = 4u * tile.row4 + i / C4;
    let column4 = tile.column4 + i % C4;
    if (row < 4u * tile.inputs4 && column4 < tile.outputs4) {
      learn(tile, tile.weights + row * tile.outputs4 + column4, tileSum(i));
    }
  }
  if (tile.row4 == 0u) {
    workgroupBarrier();
    s[t] = ofBias;
    workgroupBarrier();
    let column4 = tile.column4 + t;
    if (t < C4 && column4 < tile.outputs4) {
      var g = vec4f();
      for (var i = t; i < THREADS; i += C4) {
        g += s[i];
      }
      learn(tile, tile.bias + column4, g);
    }
  }
}
