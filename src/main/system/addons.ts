// Add-ons of this user: libraries too large for the application's package, put into the data folder by a command (scripts/setup-cuda.mjs).
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { appPaths } from './paths'

/** More than a tensor of a usual batch: TensorFlow takes and frees those in every step, and is half as fast if each goes to the system and back. */
const LARGE_BYTES = 2 ** 20

/** The folder of ONNX Runtime's CUDA libraries of one version; it also holds a copy of the runtime, which finds them beside itself only. */
export function cudaFolder(runtimeVersion: string, environment: NodeJS.ProcessEnv = process.env): string {
  return join(appPaths(environment).addons, `onnxruntime-${runtimeVersion}-cuda`)
}

/**
 * The environment of a trainer process. NVIDIA's libraries compute products in full float32 there, as every other device does, and not
 * with TF32's ten bits of mantissa, which ONNX Runtime and TensorFlow would have them take. Where the add-on is installed, the loader looks
 * there first, also for the CUDA libraries that the user may have put beside it. An add-on of another version stays unused: it would not
 * go with the rest of the runtime. Large pieces of memory go back to the system as soon as they are free (GNU's allocator would learn to
 * keep ever larger ones).
 */
export function trainerEnvironment(given: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    NVIDIA_TF32_OVERRIDE: '0',
    MALLOC_MMAP_THRESHOLD_: String(LARGE_BYTES),
    ...given
  }
  const version = process.platform === 'linux' ? runtimeVersion() : ''
  const folder = version && cudaFolder(version, environment)
  if (!folder || !existsSync(join(folder, 'libonnxruntime_providers_cuda.so'))) return environment
  const others = environment.LD_LIBRARY_PATH
  return { ...environment, LD_LIBRARY_PATH: others ? `${folder}${delimiter}${others}` : folder }
}

/** Version of the installed onnxruntime-node; empty where there is none. */
function runtimeVersion(): string {
  try {
    const path = createRequire(__filename).resolve('onnxruntime-node/package.json')
    return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
  } catch {
    return ''
  }
}
