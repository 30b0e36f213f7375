// Adagrad (Duchi, Hazan & Singer 2011) as shared/model has it; `slots`: from a weight to v.

fn optimize(at: u32, slots: u32, rate: vec2f, g: vec4f) {
  let v = state[at + slots] + g * g;
  state[at + slots] = v;
  state[at] -= rate.x * g / sqrt(v + EPSILON);
}
