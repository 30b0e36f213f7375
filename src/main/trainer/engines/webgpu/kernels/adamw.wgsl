// AdamW (Loshchilov & Hutter 2019) as shared/model has it: Adam, and `rate.y` times the weight taken off before.

fn optimize(at: u32, slots: u32, rate: vec2f, g: vec4f) {
  let m = BETA1 * state[at + slots] + (1.0 - BETA1) * g;
  let v = BETA2 * state[at + 2u * slots] + (1.0 - BETA2) * g * g;
  state[at + slots] = m;
  state[at + 2u * slots] = v;
  let w = state[at];
  state[at] = w - (rate.y * w + rate.x * m / (sqrt(v) + EPSILON));
}
