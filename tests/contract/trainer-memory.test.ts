// Memory is given back between runs: fourteen runs in one trainer process leave its resident size where it was.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { presets } from '@shared/experiment'
import { forkTrainer } from '../../src/main/lab/fork'
import { makeHome, openLab } from '../fixtures/lab'

const builtTrainer = resolve(__dirname, '../../out/main/trainer.js')
const varied = { hyperparameter: 'latentDim' as const, values: [2, 8] }
const RUNS = 14
const WARM_UP = 4 // allocators settle
const EARLY = 5 // runs whose largest size the later ones are held against
const ALLOWED_GROWTH = 25e6 // over all later runs; each that kept its sessions would add its copy of the images, 55 MB
const SMALL_LEAK = 10e6

/** Resident bytes of a process, by /proc. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return 1024 * Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1])
}

/** How much larger the later runs are than the earlier ones. Largest sizes, since a heap rises and falls with its collections. */
function growth(sizes: number[]): number {
  const settled = sizes.slice(WARM_UP)
  return Math.max(...settled.slice(EARLY)) - Math.max(...settled.slice(0, EARLY))
}

test('fourteen runs in one process leave its resident size flat', async (context) => {
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
    expect(growth(sizes.map((size, run) => size + run * SMALL_LEAK))).toBeGreaterThan(ALLOWED_GROWTH)
  } finally {
    await lab.close()
    await home.remove()
  }
}, 180_000)
