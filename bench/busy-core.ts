// The same measurements while another program keeps one core busy.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Keeps one core busy until its parent has gone. */
const SPIN = 'const parent = process.ppid; while (process.ppid === parent);'

/** Runs `work` beside a child process that does nothing but look for its parent. */
export async function withBusyCore<Result>(work: () => Promise<Result>): Promise<Result> {
  const child = spawn(process.execPath, ['-e', SPIN], { stdio: 'ignore' })
  const gone = once(child, 'exit')
  await once(child, 'spawn')
  try {
    return await work()
  } finally {
    child.kill('SIGKILL')
    await gone
  }
}
