// The version of NVIDIA's kernel module, as Linux reports it.
import { readFileSync } from 'node:fs'

/** e.g. `550.54.14`; empty where there is no such driver, or the system does not say. */
export function nvidiaDriverVersion(): string {
  try {
    const text = readFileSync('/proc/driver/nvidia/version', 'utf8')
    return /Kernel Module\s+(?:for \S+\s+)?(\d[\d.]+)/.exec(text)?.[1] ?? ''
  } catch {
    return ''
  }
}
