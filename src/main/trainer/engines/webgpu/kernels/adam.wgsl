// Adam (Kingma & Ba 2015) as shared/model has it. `rate.x` holds both bias corrections; `slots`: from a weight to m, and to v.

fn optimize(at: u32, slots: u32, rate: vec2f, g: vec4f) {
  let m = BETA1 * state[at + slots] + (1.0 - BETA1) * g;
  let v = BETA2 * state[at + 2u * slots] + (1.0 - BETA2) * g * g;
  state[at + slots] = m;
  state[at + 2u * slots] = v;
  state[at] -= rate.x * m / (sqrt(v) + EPSILON);
}
