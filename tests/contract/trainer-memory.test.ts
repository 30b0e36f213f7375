// Memory is given back between runs: ten runs in one trainer process leave its resident size where it was.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { presets } from '@shared/experiment'
import { forkTrainer } from '../../src/main/lab/fork'
import { makeHome, openLab } from '../fixtures/lab'

const builtTrainer = resolve(__dirname, '../../out/main/trainer.js')
const varied = { hyperparameter: 'latentDim' as const, values: [2, 8] }
const RUNS = 10
const WARM_UP = 3 // allocators settle
const ALLOWED_GROWTH = 5e6 // a run; one that kept its sessions would add its copy of the images, 55 MB
const SMALL_LEAK = 10e6

/** Resident bytes of a process, by /proc. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return 1024 * Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1])
}

/** What a run adds: the median, since a heap that grows once for good, or waits for its collection, is no leak. */
function growth(sizes: number[]): number {
  const steps = sizes.slice(1).map((size, index) => size - (sizes[index] ?? NaN))
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? NaN
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
    const settled = sizes.slice(WARM_UP)
    expect(growth(settled), sizes.join(' ')).toBeLessThan(ALLOWED_GROWTH)
    expect(growth(settled.map((size, run) => size + run * SMALL_LEAK))).toBeGreaterThan(ALLOWED_GROWTH)
  } finally {
    await lab.close()
    await home.remove()
  }
}, 180_000)
