// Electron's side: messages by structured clone, as its IPC carries them, through the contract's own dispatch.
import { serveLab } from '@shared/rpc'
import { Fault, type FuzzReader } from '../reader'
import { valueOf } from '../values'
import { labWithoutTrainer, serviceOf } from './fuzzed-lab'
import { PROBE, probe, requests, type Answer } from './requests'

export const ipcMessages: FuzzReader = {
  name: 'ipc-messages',
  form: 'values',
  seeds: () => requests.map((request) => Buffer.from(JSON.stringify(request))),
  open(folder) {
    const errors: string[] = []
    const lab = labWithoutTrainer(folder, errors)
    let receive: (message: unknown) => void = () => undefined
    let told: Answer[] = []
    let heard: () => void = () => undefined
    const stop = serveLab(serviceOf(lab), {
      send(message) {
        told.push(structuredClone(message) as Answer)
        heard()
      },
      onMessage: (listener) => (receive = listener),
      onClose: () => undefined
    })
    return {
      async read(input) {
        told = []
        errors.length = 0
        const message = cloned(input)
        if (message !== undefined) receive(message)
        const awaited = [PROBE, ...(isRequest(message) ? [message.i] : [])]
        receive(probe)
        while (!awaited.every((id) => told.some((answer) => answer.i === id))) {
          await new Promise<void>((resolve) => (heard = resolve))
        }
        if (errors.length > 0) throw new Fault(`logged: ${errors[0]}`)
        return told.flatMap(({ e }) => e ?? [])
      },
      async close() {
        stop()
        await lab.close()
      }
    }
  }
}

/** As it arrives at the other side; undefined of what never leaves its own. */
function cloned(input: Buffer): unknown {
  try {
    return structuredClone(valueOf(input.toString()))
  } catch {
    return undefined
  }
}

function isRequest(message: unknown): message is { i: string } {
  const { t, m, a, i } = (message ?? {}) as Record<string, unknown>
  return t === 'q' && typeof m === 'string' && Array.isArray(a) && typeof i === 'string' && i !== ''
}
