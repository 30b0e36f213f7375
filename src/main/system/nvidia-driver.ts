// The version of NVIDIA's kernel module, as Linux tells it.
import { readFileSync } from 'node:fs'

/** e.g. `550.54.14`; empty where there is no such driver, or a system that does not tell. */
export function nvidiaDriverVersion(): string {
  try {
    const told = readFileSync('/proc/driver/nvidia/version', 'utf8')
    return /Kernel Module\s+(?:for \S+\s+)?(\d[\d.]+)/.exec(told)?.[1] ?? ''
  } catch {
    return ''
  }
}
