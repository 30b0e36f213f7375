// Activations and their slopes, by the index that shared/model has for them: tanh, relu, sigmoid, linear.

/** exp of nothing above 0: no overflow. */
fn sigmoid(z: vec4f) -> vec4f {
  let small = exp(-abs(z));
  return select(small, vec4f(1.0), z >= vec4f()) / (1.0 + small);
}

fn activated(kind: u32, z: vec4f) -> vec4f {
  switch kind {
    case 0u: { return tanh(clamp(z, vec4f(-15.0), vec4f(15.0))); } // some GPUs form it of exponentials, which overflow
    case 1u: { return max(z, vec4f()); }
    case 2u: { return sigmoid(z); }
    default: { return z; }
  }
}

/** The derivative, of the activation's value h. */
fn slope(kind: u32, h: vec4f) -> vec4f {
  switch kind {
    case 0u: { return 1.0 - h * h; }
    case 1u: { return select(vec4f(), vec4f(1.0), h > vec4f()); }
    case 2u: { return h * (1.0 - h); }
    default: { return vec4f(1.0); }
  }
}
