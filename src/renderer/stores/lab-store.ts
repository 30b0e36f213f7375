// The lab as the window sees it: calls, events, what it is, and whether it can be reached. Survives a lost connection.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import {
  callArguments,
  eventNames,
  type DeviceInfo,
  type LabCalls,
  type LabEvents,
  type LabInfo
} from '@shared/contract'
import { Unreachable, type LabErrorData } from '@shared/errors'
import type { LabClient } from '@shared/rpc'

type Listener = (payload: never) => void

export const useLabStore = defineStore('lab', () => {
  const connection = ref<'connecting' | 'open' | 'lost'>('connecting')
  /** Why the lab, although it can be reached, can't be used; null while nothing is known against it. */
  const problem = shallowRef<LabErrorData | null>(null)
  const info = shallowRef<LabInfo | null>(null)
  const link = shallowRef<Pick<LabClient, 'calls' | 'on'> | null>(null)
  const listeners = new Map(eventNames.map((name) => [name as keyof LabEvents, new Set<Listener>()]))
  const openListeners = new Set<() => void>()

  /** The device of a run that leaves the choice to the lab. */
  const device = computed(() => info.value?.devices.find((one) => one.isDefault) ?? null)

  async function call(name: keyof LabCalls, given: unknown[]): Promise<unknown> {
    if (!link.value) {
      throw new Unreachable('busy', 'The lab can’t be reached', { remedy: 'The window tries again by itself' })
    }
    const method = link.value.calls[name] as (...given: unknown[]) => Promise<unknown>
    return method(...given)
  }

  /** The calls of the contract, over whichever connection is open; rejects with a LabError while there is none. */
  const calls = Object.fromEntries(
    Object.keys(callArguments).map((name) => [name, (...given: unknown[]) => call(name as keyof LabCalls, given)])
  ) as unknown as LabCalls

  /** Hears an event over every connection to come; answers a function that ends it. */
  function on<Name extends keyof LabEvents>(name: Name, listener: LabEvents[Name]): () => void {
    listeners.get(name)?.add(listener as Listener)
    return () => listeners.get(name)?.delete(listener as Listener)
  }

  /** Calls `listener` each time a connection opens: the moment to read again what may have been missed. */
  function onOpen(listener: () => void): void {
    openListeners.add(listener)
  }

  /** Takes a new connection into use and reads what the lab is. */
  async function attach(opened: Pick<LabClient, 'calls' | 'on'>): Promise<void> {
    link.value = opened
    for (const name of eventNames) {
      opened.on(name, ((payload: never) => {
        if (link.value === opened) for (const listener of listeners.get(name) ?? []) listener(payload)
      }) as LabEvents[typeof name])
    }
    info.value = await opened.calls.describe()
    problem.value = null
    connection.value = 'open'
    for (const listener of openListeners) listener()
  }

  /** Takes the connection out of use: it ended, or the lab at its far end failed with `reason`. */
  function detach(reason: LabErrorData | null = null): void {
    link.value = null
    problem.value = reason
    connection.value = 'lost'
  }

  async function readInfo(): Promise<void> {
    info.value = await calls.describe()
  }

  function takeDevices(devices: DeviceInfo[]): void {
    if (info.value) info.value = { ...info.value, devices }
  }
  on('devicesChanged', takeDevices)

  return { connection, problem, info, device, calls, on, onOpen, attach, detach, readInfo, takeDevices }
})
