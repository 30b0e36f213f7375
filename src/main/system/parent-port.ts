// A child's end of the line to the process that started it: Electron's utilityProcess or child_process.fork.
export interface ParentPort<Command, Event> {
  send(event: Event): void
  onCommand(listener: (command: Command) => void): void
  /** Called when the parent has gone: nobody is left to work for. */
  onClose(listener: () => void): void
  /** Resolves when what was sent has left this process, as far as that can be known. */
  flush(): Promise<void>
}

/** What Electron puts on `process` in a utility process. */
interface UtilityPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
}

const UTILITY_FLUSH_MILLISECONDS = 200 // Electron does not say when a message has been delivered

/** The port of this process. Throws if it was started by hand. */
export function parentPort<Command, Event>(): ParentPort<Command, Event> {
  const utility = (process as NodeJS.Process & { parentPort?: UtilityPort }).parentPort
  if (utility) return utilityPort(utility)
  if (process.send) return forkPort(process.send.bind(process))
  throw new Error('This process is started by the lab, not by hand')
}

function utilityPort<Command, Event>(port: UtilityPort): ParentPort<Command, Event> {
  return {
    send: (event) => port.postMessage(event),
    onCommand: (listener) => port.on('message', ({ data }) => listener(data as Command)),
    onClose: (listener) => port.on('close', listener),
    flush: () => new Promise((resolve) => setTimeout(resolve, UTILITY_FLUSH_MILLISECONDS))
  }
}

function forkPort<Command, Event>(send: NonNullable<NodeJS.Process['send']>): ParentPort<Command, Event> {
  const leaving = new Set<Promise<void>>()
  return {
    send(event) {
      if (!process.connected) return
      const left = new Promise<void>((resolve) => send(event, undefined, undefined, () => resolve()))
      leaving.add(left)
      void left.then(() => leaving.delete(left))
    },
    onCommand: (listener) => process.on('message', (command) => listener(command as Command)),
    onClose: (listener) => process.once('disconnect', listener),
    async flush() {
      await Promise.all(leaving)
    }
  }
}
