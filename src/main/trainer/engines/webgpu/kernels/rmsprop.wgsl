// RMSprop (Tieleman & Hinton 2012) as shared/model has it; `slots`: from a weight to v.

fn optimize(at: u32, slots: u32, rate: vec2f, g: vec4f) {
  let v = RHO * state[at + slots] + (1.0 - RHO) * g * g;
  state[at + slots] = v;
  state[at] -= rate.x * g / sqrt(v + EPSILON);
}
