// What the kernel says of real processes that wait, compute and are stopped.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { activityInPs, activityOf, type ProcessActivity } from '../../../src/main/system/process-activity'

let child: ChildProcess | null = null
afterEach(() => child?.kill('SIGKILL'))

async function run(program: string): Promise<() => Promise<ProcessActivity>> {
  child = spawn(process.execPath, ['-e', `process.stdout.write('begun'); ${program}`], {
    stdio: ['ignore', 'pipe', 'ignore']
  })
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  const pid = child.pid as number
  return async () => (await activityOf(pid)) as ProcessActivity
}

describe('of a process', () => {
  beforeEach(({ skip }) => skip(process.platform === 'win32', 'Windows can’t be asked'))

  test('that computes: it uses processor time, or waits for a processor', async () => {
    const activity = await run('for (;;);')
    const first = await activity()
    await vi.waitFor(
      async () => {
        const now = await activity()
        expect(now).toMatchObject({ isRunnable: true, isStopped: false })
        expect(now.processorSeconds).toBeGreaterThan(first.processorSeconds)
      },
      { timeout: 20_000, interval: 50 }
    )
  })

  test('that waits: no thread is runnable once it has begun', async () => {
    const activity = await run('setInterval(() => undefined, 1e6)')
    await vi.waitFor(async () => expect(await activity()).toMatchObject({ isRunnable: false, isStopped: false }), {
      timeout: 20_000,
      interval: 50
    })
  })

  test('that is stopped in its work', async () => {
    const activity = await run('for (;;);')
    child?.kill('SIGSTOP')
    await vi.waitFor(async () => expect((await activity()).isStopped).toBe(true), { timeout: 20_000, interval: 50 })
  })

  test('that has gone: nothing', async () => {
    await run('')
    if (child?.exitCode === null) await once(child as ChildProcess, 'exit')
    expect(await activityOf(child?.pid as number)).toBeNull()
  })
})

test.each<[string, Partial<ProcessActivity> | null]>([
  ['R+     0:02.34\n', { processorSeconds: 2.34, isRunnable: true, isStopped: false }],
  ['Ss  1-01:00:05\n', { processorSeconds: 90_005, isRunnable: false }],
  ['T     00:01:10\n', { processorSeconds: 70, isStopped: true }],
  ['', null],
  ['ps: no such option', null]
])('what `ps` says: %o', (line, activity) => {
  if (activity === null) expect(activityInPs(line)).toBeNull()
  else expect(activityInPs(line)).toMatchObject(activity)
})
