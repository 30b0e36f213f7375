// SGD with momentum (Polyak 1964) as shared/model has it; `slots`: from a weight to m.

fn optimize(at: u32, slots: u32, rate: vec2f, g: vec4f) {
  let m = MOMENTUM * state[at + slots] - rate.x * g;
  state[at + slots] = m;
  state[at] += m;
}
