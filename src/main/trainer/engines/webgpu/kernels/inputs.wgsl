// Stages the product of a layer's inputs (rows: images) with its weights (columns: units).

/** Where the rows of the four images begin that this thread stages: always the same four, since R4 divides its threads. */
var<private> starts: vec4u;

fn start(tile: Tile, image: u32) -> u32 {
  var at = NONE;
  if (image < now.count) {
    at = tile.source + image * tile.inputs4;
    if (tile.source == NONE) {
      at = order[now.first + image] * tile.inputs4;
    }
  }
  return at;
}

fn findRows(tile: Tile, firstImage: u32, t: u32) {
  let image = firstImage + 4u * (t % R4);
  starts = vec4u(start(tile, image), start(tile, image + 1u), start(tile, image + 2u), start(tile, image + 3u));
}

fn inputAt(tile: Tile, row: u32, k4: u32) -> vec4f {
  var value = vec4f();
  if (row != NONE) {
    if (tile.source == NONE) {
      value = grey(images[row + k4]);
    } else {
      value = activations[row + k4];
    }
  }
  return value;
}

fn stage(tile: Tile, column4: u32, k0: u32, n: u32, t: u32) {
  for (var i = t / R4; i < n / 4u; i += THREADS / R4) {
    let k4 = k0 / 4u + i;
    putTurned(t % R4, 4u * i, mat4x4f(
      inputAt(tile, starts.x, k4), inputAt(tile, starts.y, k4), inputAt(tile, starts.z, k4), inputAt(tile, starts.w, k4)
    ));
  }
  let column = column4 + t % C4;
  for (var k = t / C4; k < n; k += THREADS / C4) {
    var w = vec4f();
    if (column < tile.outputs4) {
      w = state[tile.weights + (k0 + k) * tile.outputs4 + column];
    }
    put(R4 + t % C4, k, w);
  }
}
