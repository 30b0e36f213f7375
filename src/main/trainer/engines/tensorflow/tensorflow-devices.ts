// The two devices that TensorFlow can train on, and in words why one of them can't be used.
import type { FoundDevice } from '@shared/contract'
import { nvidiaDriverVersion } from '../../../system/nvidia-driver'
import { processorModel, processorTitle } from '../../../system/processor'
import { missingLibraries, type LibraryState } from './tensorflow-library'

export const deviceNames = ['tensorflow-cpu', 'tensorflow-cuda'] as const

const SETUP = 'npm run setup:tensorflow'

type DeviceState = Omit<FoundDevice, 'name' | 'title'>

/** The CPU and the first NVIDIA GPU. TensorFlow.js puts everything on a GPU that it sees, so both are never usable at once. */
export function devicesOf(library: LibraryState): FoundDevice[] {
  const [cpu, cuda] = library.loads ? loadedStates(library) : brokenStates(library)
  return [
    { name: deviceNames[0], title: `TensorFlow ${processorTitle()}`, ...cpu },
    { name: deviceNames[1], title: 'TensorFlow CUDA · NVIDIA GPU', ...cuda }
  ]
}

function brokenStates({ reason, missing }: Extract<LibraryState, { loads: false }>): [DeviceState, DeviceState] {
  const remedy = missing === 'package' ? `Run npm ci, then ${SETUP}` : `Run ${SETUP}`
  const state = isPackaged()
    ? unusable('The installed application comes without TensorFlow', 'Run it from its source to train with TensorFlow')
    : unusable(`TensorFlow could not be loaded: ${reason}`, remedy)
  return [state, state]
}

/** True in an installed application, whose code lies in an archive. */
function isPackaged(): boolean {
  return /[\\/]app\.asar[\\/]/.test(__dirname)
}

function loadedStates({ version, usesGpu, log }: Extract<LibraryState, { loads: true }>): [DeviceState, DeviceState] {
  const usable = { usable: true, remedy: '', runtimeVersion: version }
  if (!usesGpu) return [{ ...usable, detail: processorModel(), driver: '' }, withoutGpu(log, version)]
  const hidden = 'Set CUDA_VISIBLE_DEVICES=-1 and start again to hide the GPU from TensorFlow'
  const driverVersion = nvidiaDriverVersion()
  return [
    unusable('TensorFlow trains on the GPU that it has found', hidden, version),
    { ...usable, detail: gpuName(log), driver: driverVersion && `NVIDIA ${driverVersion}` }
  ]
}

function withoutGpu(log: string, version: string): DeviceState {
  const [first, ...others] = missingLibraries(log)
  if (!first) {
    const remedy = `Where there is an NVIDIA GPU, install its driver and run ${SETUP}`
    return unusable('TensorFlow sees no NVIDIA GPU', process.platform === 'darwin' ? '' : remedy, version)
  }
  const further = others.length === 0 ? '' : `; it lacks ${others.map(({ name }) => name).join(', ')} too`
  const detail = `TensorFlow sees no NVIDIA GPU: ${first.reason}${further}`
  return unusable(detail, 'Install the NVIDIA driver, CUDA 11.2 and cuDNN 8.1, which TensorFlow 2.9 needs', version)
}

function unusable(detail: string, remedy: string, runtimeVersion = ''): DeviceState {
  return { usable: false, detail, remedy, driver: '', runtimeVersion }
}

/** As TensorFlow logs it: `-> device: 0, name: NVIDIA GeForce RTX 3050 Ti, pci bus id: …`. */
function gpuName(log: string): string {
  return /device: 0, name: ([^,\n]+)/.exec(log)?.[1]?.trim() ?? 'NVIDIA GPU'
}
