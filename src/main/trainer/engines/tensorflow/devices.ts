// The two places where TensorFlow can train, and in words why one of them can't be used.
import type { FoundDevice } from '@shared/contract'
import { nvidiaDriverVersion } from '../../../system/nvidia-driver'
import { processorModel, processorTitle } from '../../../system/processor'
import { missingLibraries, type LibraryState } from './library'

export const deviceNames = ['cpu', 'cuda'] as const

const SETUP = 'npm run setup:tensorflow'

/** The CPU and the first NVIDIA GPU. TensorFlow.js puts everything on a GPU that it sees, so both are never usable at once. */
export function devicesOf(library: LibraryState): FoundDevice[] {
  const titles = { cpu: processorTitle(), cuda: 'CUDA · NVIDIA GPU' }
  const states = library.loads ? loadedStates(library) : brokenStates(library)
  return deviceNames.map((name) => ({ engine: 'tensorflow', name, title: titles[name], ...states[name] }))
}

type DeviceState = Omit<FoundDevice, 'engine' | 'name' | 'title'>
type DeviceStates = Record<(typeof deviceNames)[number], DeviceState>

function brokenStates({ reason, missing }: Extract<LibraryState, { loads: false }>): DeviceStates {
  const state = isPackaged()
    ? unusable(
        'The installed application comes without TensorFlow',
        'Run it from its source to train with TensorFlow',
        ''
      )
    : unusable(
        `TensorFlow could not be loaded: ${reason}`,
        missing === 'package' ? `Run npm ci, then ${SETUP}` : `Run ${SETUP}`,
        ''
      )
  return { cpu: state, cuda: state }
}

/** True in an installed application, whose code lies in an archive. */
function isPackaged(): boolean {
  return /[\\/]app\.asar[\\/]/.test(__dirname)
}

function loadedStates({ version, usesGpu, log }: Extract<LibraryState, { loads: true }>): DeviceStates {
  const usable = { usable: true, remedy: '', runtimeVersion: version }
  if (usesGpu) {
    const driverVersion = nvidiaDriverVersion()
    const nvidiaDriver = driverVersion && `NVIDIA ${driverVersion}`
    const hidden = 'Set CUDA_VISIBLE_DEVICES=-1 and start again to hide the GPU from TensorFlow'
    return {
      cpu: unusable('TensorFlow trains on the GPU that it has found', hidden, version),
      cuda: { ...usable, detail: gpuName(log), driver: nvidiaDriver }
    }
  }
  return {
    cpu: { ...usable, detail: processorModel(), driver: '' },
    cuda: withoutGpu(log, version)
  }
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

function unusable(detail: string, remedy: string, runtimeVersion: string): DeviceState {
  return { usable: false, detail, remedy, driver: '', runtimeVersion }
}

/** As TensorFlow logs it: `-> device: 0, name: NVIDIA GeForce RTX 3050 Ti, pci bus id: …`. */
function gpuName(log: string): string {
  return /device: 0, name: ([^,\n]+)/.exec(log)?.[1]?.trim() ?? 'NVIDIA GPU'
}
