// What a trainer process has in its environment.

/** More than a tensor of a usual batch: TensorFlow takes and frees those in every step, and is half as fast if each goes to the system and back. */
const LARGE_BYTES = 2 ** 20

/**
 * NVIDIA's libraries compute products in full float32 there, as every other device does, and not with TF32's ten bits of mantissa, which
 * TensorFlow would have them take. Large pieces of memory go back to the system as soon as they are free (GNU's allocator would learn
 * to keep ever larger ones).
 */
export function trainerEnvironment(given: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { NVIDIA_TF32_OVERRIDE: '0', MALLOC_MMAP_THRESHOLD_: String(LARGE_BYTES), ...given }
}
