// A tile of a matrix product, Σk left[k][row] · right[k][column]: 4·R4 rows by 4·C4 columns a workgroup, 4 by 4 a thread.
// The k's are staged in workgroup memory KB at a time; KS slices of threads share them, and their sums are added in one order.
// Kernels bring `stage`, which calls `put` for left rows 0 … R4 − 1 and, behind them, right columns R4 … R4 + C4 − 1.

const STRIDE = KB + 1u; // odd, so that no two lanes of a load meet in a bank
var<workgroup> s: array<vec4f, SHARED>;

fn put(lane: u32, k: u32, value: vec4f) {
  s[lane * STRIDE + k] = value;
}

/** Four k's, given as four rows or columns of four k's each. */
fn putTurned(lane: u32, k: u32, rows: mat4x4f) {
  let turned = transpose(rows);
  let at = lane * STRIDE + k;
  s[at] = turned[0];
  s[at + 1u] = turned[1];
  s[at + 2u] = turned[2];
  s[at + 3u] = turned[3];
}

/** The thread's slice of the sum: [row][column]. `depth`: how many k's. */
fn product(tile: Tile, column4: u32, depth: u32, t: u32) -> mat4x4f {
  let left = t / C4 % R4 * STRIDE;
  let right = (R4 + t % C4) * STRIDE;
  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  var sum3 = vec4f();
  for (var k0 = 0u; k0 < depth; k0 += KB) {
    let n = min(KB, depth - k0);
    stage(tile, column4, k0, n, t);
    workgroupBarrier();
    for (var k = t / (C4 * R4); k < n; k += KS) {
      let a = s[left + k];
      let b = s[right + k];
      sum0 += a.x * b;
      sum1 += a.y * b;
      sum2 += a.z * b;
      sum3 += a.w * b;
    }
    workgroupBarrier();
  }
  return mat4x4f(sum0, sum1, sum2, sum3);
}

/** Lays the slices down; then `tileSum(i)` is what row i / C4 of the tile has in its column i % C4, four columns at once. */
fn layDown(sums: mat4x4f, t: u32) {
  let at = t / C4 * 4u * C4 + t % C4;
  s[at] = sums[0];
  s[at + C4] = sums[1];
  s[at + 2u * C4] = sums[2];
  s[at + 3u * C4] = sums[3];
  workgroupBarrier();
}

fn tileSum(i: u32) -> vec4f {
  var sum = s[i];
  for (var slice = 1u; slice < KS; slice++) {
    sum += s[slice * 4u * R4 * C4 + i];
  }
  return sum;
}
