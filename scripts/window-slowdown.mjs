// What the window takes from a training, measured within one run: blocks of epochs while the window works, in turns with blocks while the
// operating system holds its processes. Two runs one after the other differ by more than the window takes.
import { setTimeout as wait } from 'node:timers/promises'

/** Epochs of a block: some seconds, so that what the window makes up for after a stop weighs little. */
const BLOCK = 8
/** An odd number: the first block, in which the window is built up, and pairs of a stop and what stands on both sides of it. */
const BLOCKS = 15

export const SLOWDOWN_EPOCHS = BLOCK * BLOCKS

/**
 * Follows a run of SLOWDOWN_EPOCHS epochs from its start, and stops the processes `pids` in every second block. `read` answers with its
 * run.json, or null. Answers with percent that an epoch takes longer while they work: one value for each block but the first and the last.
 * Needs a system with SIGSTOP.
 */
export async function measureSlowdown(read, pids) {
  const signal = (name) => pids.forEach((pid) => process.kill(pid, name))
  const ends = [0]
  try {
    while (ends.length <= BLOCKS) {
      await wait(15)
      const run = read()
      if (run && run.status !== 'running' && run.status !== 'finished')
        throw new Error(`The run ended as ${run.status}`)
      if ((run?.models[0].history.valLoss.length ?? 0) < BLOCK * ends.length) continue
      ends.push(run.seconds)
      signal(ends.length % 2 === 0 ? 'SIGSTOP' : 'SIGCONT')
    }
  } finally {
    signal('SIGCONT')
  }
  const seconds = ends.slice(1).map((end, block) => end - ends[block])
  return seconds.slice(1, -1).map((own, index) => {
    const beside = (seconds[index] + seconds[index + 2]) / 2
    const isHeld = index % 2 === 0
    return 100 * (isHeld ? beside / own - 1 : own / beside - 1)
  })
}
