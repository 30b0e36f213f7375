// The loss of every model on every batch of a submit: the sum over its tiles' parts, always in the same order.

@group(0) @binding(7) var<storage, read> parts: array<f32>; // [slots][models][PARTS]
@group(0) @binding(9) var<storage, read_write> losses: array<f32>; // [slots][models]

var<workgroup> s: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let row = group.x * MODELS + group.y;
  var sum = 0.0;
  for (var i = t; i < PARTS; i += THREADS) {
    sum += parts[row * PARTS + i];
  }
  s[t] = sum;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (t < half) {
      s[t] += s[t + half];
    }
  }
  if (t == 0u) {
    losses[row] = s[0];
  }
}
