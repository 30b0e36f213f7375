// Memory is given back between runs: ten runs in one trainer process leave its resident size where it was.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { presets } from '@shared/experiment'
import { forkTrainer } from '../../src/main/lab/fork'
import { makeHome, openLab } from '../fixtures/lab'

const builtTrainer = resolve(__dirname, '../../out/main/trainer.js')
const varied = { hyperparameter: 'latentDim' as const, values: [2, 8] }
const RUNS = 16
const WARM_UP = 2 // allocators settle
const COMPARED = 3 // runs at the end, and as many after the warm-up
const ALLOWED_GROWTH = 30e6 // in five runs; sizes go up and down by some 20 MB
const SESSION = 55e6 // a run that kept its sessions would add its copy of the images

/** Resident bytes of a process, by /proc. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return 1024 * Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1])
}

/** From the first runs after the warm-up to the last ones; the least of each, since garbage waits for its collection. */
function growth(sizes: number[]): number {
  return Math.min(...sizes.slice(-COMPARED)) - Math.min(...sizes.slice(WARM_UP, WARM_UP + COMPARED))
}

test('ten runs in one process leave its resident size flat', async (context) => {
  context.skip(process.platform !== 'linux', 'needs /proc to read the size of a process, which Linux has')
  const home = await makeHome()
  const pids: number[] = []
  const spawn = forkTrainer(builtTrainer)
  const lab = openLab(home, () => {
    const trainer = spawn()
    pids.push(trainer.pid ?? 0)
    return trainer
  })
  try {
    const sizes: number[] = []
    for (let run = 0; run < RUNS; run++) {
      const id = await lab.calls.startRun(
        { ...presets.article, varied, trainLimit: 512, epochs: 1 },
        'onnxruntime',
        'cpu'
      )
      expect((await lab.whenEnded(id)).status).toBe('finished')
      sizes.push(await residentBytes(pids[0] ?? 0))
    }
    expect(pids).toHaveLength(1)
    expect(growth(sizes), sizes.join(' ')).toBeLessThan(ALLOWED_GROWTH)
    expect(growth(sizes.map((size, run) => size + run * SESSION))).toBeGreaterThan(ALLOWED_GROWTH)
  } finally {
    await lab.close()
    await home.remove()
  }
}, 180_000)
