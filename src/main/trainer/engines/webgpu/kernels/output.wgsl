// The last layer of every model, a sigmoid, with the loss. TRAINS: its gradient and its sum over a tile; else both losses of each
// image, and its reconstruction if that is wanted. KS is 1 here: a thread's sums are whole.

@group(0) @binding(4) var<storage, read> state: array<vec4f>;
@group(0) @binding(5) var<storage, read> activations: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> gradients: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> parts: array<f32>; // [slots][models][PARTS], or [models][ROWS][bce, mse]

/** ln(1 + e) for e in [0, 1] as 2 artanh(e / (2 + e)): within an ulp or two, where a GPU's own logarithm may be off by 2^-21. */
fn logOnePlus(e: vec4f) -> vec4f {
  let r = e / (2.0 + e);
  let q = r * r;
  let tail = 1.0 / 9.0 + q * (1.0 / 11.0 + q * (1.0 / 13.0 + q * (1.0 / 15.0)));
  return 2.0 * r * (1.0 + q * (1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * tail))));
}

/** Cross-entropy and squared error of four pixels of an image, of their logits; writes their gradients or the reconstruction. */
fn lossesOf(tile: Tile, image: u32, column4: u32, y: vec4f) -> vec2f {
  var losses = vec2f();
  if (image < now.count) {
    let real = 4u * column4 + vec4u(0u, 1u, 2u, 3u) < vec4u(tile.outputs);
    let small = exp(-abs(y)); // at most 1: nothing overflows
    let sigma = select(small, vec4f(1.0), y >= vec4f()) / (1.0 + small);
    let x = grey(images[order[now.first + image] * tile.outputs4 + column4]);
    let error = select(vec4f(), sigma - x, real);
    let at = tile.outcome + image * tile.outputs4 + column4;
    if (TRAINS) {
      gradients[at] = now.scale * select(2.0 * error * sigma * (1.0 - sigma), error, tile.loss == 0u);
    } else if (now.keeps == 1u) {
      gradients[at] = sigma;
    }
    let bce = select(vec4f(), max(y, vec4f()) - y * x + logOnePlus(small), real);
    losses = vec2f(dot(bce, vec4f(1.0)), dot(error, error));
  }
  return losses;
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let tile = tiles[group.y];
  let firstImage = group.x * R4 * 4u;
  let image = firstImage + 4u * (t / C4);
  var losses = mat4x2f(); // of the thread's four images
  findRows(tile, firstImage, t);
  for (var first4 = tile.column4; first4 < tile.end4; first4 += C4) {
    let logits = product(tile, first4, tile.inputs4 * 4u, t);
    let column4 = first4 + t % C4;
    if (column4 < tile.outputs4) {
      let bias = state[tile.bias + column4];
      losses += mat4x2f(
        lossesOf(tile, image, column4, logits[0] + bias), lossesOf(tile, image + 1u, column4, logits[1] + bias),
        lossesOf(tile, image + 2u, column4, logits[2] + bias), lossesOf(tile, image + 3u, column4, logits[3] + bias)
      );
    }
  }
  let ofKinds = transpose(losses);
  s[t] = ofKinds[0];
  s[THREADS + t] = ofKinds[1];
  workgroupBarrier();
  if (t < R4) {
    for (var column = 1u; column < C4; column++) {
      s[t * C4] += s[t * C4 + column];
      s[THREADS + t * C4] += s[THREADS + t * C4 + column];
    }
    for (var row = 0u; !TRAINS && row < 4u && firstImage + 4u * t + row < now.count; row++) {
      let at = 2u * (tile.model * ROWS + firstImage + 4u * t + row);
      parts[at] = now.scale * s[t * C4][row];
      parts[at + 1u] = now.scale * s[THREADS + t * C4][row];
    }
  }
  workgroupBarrier();
  if (TRAINS && t == 0u) {
    var sum = vec4f();
    for (var row4 = 0u; row4 < R4; row4++) {
      sum += s[tile.loss * THREADS + row4 * C4];
    }
    let part = group.x * COLUMNS + tile.column4 / C4;
    parts[(now.slot * MODELS + tile.model) * PARTS + part] = now.scale * dot(sum, vec4f(1.0));
  }
}
