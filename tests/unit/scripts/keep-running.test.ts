// What `npm run dev` starts anew: one process at a time, whatever the one before does.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, it, vi } from 'vitest'
import { keepRunning } from '../../../scripts/keep-running.mjs'

type Event = `${'started' | 'ended'} ${number}`

const opened: { end(signal: string): Promise<void> }[] = []
afterEach(async () => {
  for (const app of opened.splice(0)) await app.end('SIGKILL')
})

/** Keeps a script of Node's running; `events` has what happened in order, `signals` what ended each process. */
function keep(script: string) {
  const events: Event[] = []
  const signals: (string | null)[] = []
  const onEnded = vi.fn()
  const start = () => {
    const number = events.filter((event) => event.startsWith('started')).length + 1
    const child = spawn(process.execPath, ['-e', `${script}; console.log("ready")`])
    events.push(`started ${number}`)
    const ended = once(child, 'close').then(([code, signal]: unknown[]) => {
      events.push(`ended ${number}`)
      signals.push(signal as string | null)
      return { code }
    })
    return { child, ended, ready: once(child.stdout, 'data') }
  }
  const started: ReturnType<typeof start>[] = []
  const app = keepRunning(
    () => {
      const one = start()
      started.push(one)
      return one
    },
    onEnded,
    500
  )
  opened.push(app)
  return { app, events, signals, started, onEnded }
}

const FOREVER = 'setInterval(() => undefined, 1000)'

it('waits for the end of the one before, and starts once for changes meanwhile', async () => {
  const { app, events, started, onEnded } = keep(FOREVER)
  await app.restart()
  await started[0]?.ready
  await Promise.all([app.restart(), app.restart(), app.restart()])
  await started[1]?.ready
  expect(events).toEqual(['started 1', 'ended 1', 'started 2'])
  expect(onEnded).not.toHaveBeenCalled()
})

it('kills one that does not end', async ({ skip }) => {
  skip(process.platform === 'win32', 'Windows has no signals: it ends every process at once')
  const { app, signals, started } = keep(`process.on("SIGTERM", () => undefined); ${FOREVER}`)
  await app.restart()
  await started[0]?.ready
  await app.restart()
  expect(signals).toEqual(['SIGKILL'])
})

it('tells of one that ended by itself, and starts it after the next change', async () => {
  const { app, events, started, onEnded } = keep('process.exitCode = 3')
  await app.restart()
  await vi.waitFor(() => expect(onEnded).toHaveBeenCalledWith({ code: 3 }), 30_000)
  await app.restart()
  await started[1]?.ready
  expect(events.slice(0, 3)).toEqual(['started 1', 'ended 1', 'started 2'])
})
