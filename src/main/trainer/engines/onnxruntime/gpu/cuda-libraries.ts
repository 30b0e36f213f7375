// The CUDA part of ONNX Runtime: libraries that lie beside its own, or do not (see scripts/setup-cuda.mjs).
import { readFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { messageOf } from '@shared/errors'
import { exists } from '../../../../system/exists'

export interface CudaLibraries {
  installed: boolean
  /** What the system's loader says if it can't load them, e.g. `libcudnn.so.9: cannot open shared object file`; empty if it can. */
  problem(): string
}

/** Looks beside the library of ONNX Runtime that this process has loaded. */
export async function cudaLibraries(): Promise<CudaLibraries> {
  const folder = await runtimeFolder()
  const [shared, cuda] = ['shared', 'cuda'].map((part) => join(folder, `libonnxruntime_providers_${part}.so`))
  const installed = folder !== '' && (await exists(shared as string)) && (await exists(cuda as string))
  return {
    installed,
    problem: () => loaderWords(shared as string) || loaderWords(cuda as string)
  }
}

/** Where the loaded libonnxruntime lies; empty if it is not loaded. */
async function runtimeFolder(): Promise<string> {
  const maps = await readFile('/proc/self/maps', 'utf8').catch(() => '')
  const path = /\s(\/.*libonnxruntime\.so[.\d]*)$/m.exec(maps)?.[1]
  return path ? dirname(path) : ''
}

/** Node loads add-ons only, and says so of any other library; before that the system's loader has had its say. */
function loaderWords(library: string): string {
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_LAZY | constants.dlopen.RTLD_GLOBAL)
    return ''
  } catch (error) {
    const words = messageOf(error)
    return /self-register/i.test(words) ? '' : words
  }
}
