// The far end of a connection for store tests: answers what a test gives it and sends events when the test says so.
import { vi } from 'vitest'
import type { LabCalls, LabEvents } from '@shared/contract'
import type { LabClient } from '@shared/rpc'

export interface TestLink extends Pick<LabClient, 'calls' | 'on'> {
  emit<Name extends keyof LabEvents>(name: Name, payload: Parameters<LabEvents[Name]>[0]): void
}

export function testLink(calls: Partial<LabCalls>): TestLink {
  const listeners: { name: string; listener: (payload: never) => void }[] = []
  const standing: Partial<LabCalls> = {
    describe: () => Promise.resolve({ devices: [] } as never),
    listRuns: () => Promise.resolve([]),
    listUnreadable: () => Promise.resolve([]),
    readProbes: () => Promise.resolve({ pixels: new Uint8Array(20 * 784), labels: [], indices: [] })
  }
  return {
    calls: { ...standing, ...calls } as LabCalls,
    on(name, listener) {
      listeners.push({ name, listener: listener as (payload: never) => void })
      return () => undefined
    },
    emit(name, payload) {
      for (const one of listeners) if (one.name === name) one.listener(payload as never)
    }
  }
}

/** Animation frames by hand: nothing that waits for a frame runs before `next`. */
export function stubFrames(): { next(): void } {
  let waiting: (() => void)[] = []
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => waiting.push(callback))
  vi.stubGlobal('cancelAnimationFrame', () => undefined)
  vi.stubGlobal('document', { hidden: false })
  return {
    next() {
      const due = waiting
      waiting = []
      for (const callback of due) callback()
    }
  }
}
