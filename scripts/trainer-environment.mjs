/** What a trainer has in its environment (src/main/system/trainer-environment.ts), for programs that train in their own process. */
export const trainerEnvironment = { NVIDIA_TF32_OVERRIDE: '0', MALLOC_MMAP_THRESHOLD_: String(2 ** 20) }
