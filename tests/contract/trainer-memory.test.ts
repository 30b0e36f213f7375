// The trainer's resident size: flat over the epochs of a run, and given back between runs, so that many in one process leave it where it was.
import { resolve } from 'node:path'
import { afterEach, beforeEach, expect, test, type TestContext } from 'vitest'
import { presets, type Experiment } from '@shared/experiment'
import { measureMemory, residentBytes } from '../../bench/memory'
import { mnistFolder } from '../../src/main/data/mnist'
import { forkTrainer } from '../../src/main/lab/fork'
import { makeHome, openLab, type TestHome } from '../fixtures/lab'

const trainerPath = resolve(__dirname, '../../out/main/trainer.js')
const PATIENCE_MILLISECONDS = 180_000

const onlyLinux = (context: TestContext) =>
  context.skip(process.platform !== 'linux', 'needs /proc to read the size of a process, which Linux has')

/** The middle: a size read in the middle of a call is larger or smaller by what the call holds. */
function median(sizes: readonly number[]): number {
  return [...sizes].sort((a, b) => a - b)[sizes.length >> 1] ?? NaN
}

/** Bytes that the last `count` sizes are larger than the first `count`. */
function growth(sizes: readonly number[], count: number): number {
  return median(sizes.slice(-count)) - median(sizes.slice(0, count))
}

/** Sizes of a process that loses so many bytes each time. */
const leaking = (count: number, bytes: number) => Array.from({ length: count }, (_, index) => index * bytes)

const blog = presets['keras-blog']
let home: TestHome
beforeEach(async () => {
  home = await makeHome()
})
afterEach(() => home.remove())

test(
  'a hundred epochs of six models leave its resident size flat, and below 600 MB',
  async (context) => {
    onlyLinux(context)
    const EPOCHS = 100
    const WARM_UP = 50 // JavaScript's heap reaches its size
    const ALLOWED = 20e6 // what allocators keep moves in steps of a model's state; 0.7 MB that stay of an epoch are more
    const bytes = await measureMemory({
      experiment: { ...blog, base: { ...blog.base, trainLimit: 5120, epochs: EPOCHS } },
      device: 'cpu',
      trainerPath,
      dataFolder: mnistFolder(),
      cacheFolder: home.folder
    })
    const sizes = bytes.slice(WARM_UP)
    const seen = bytes.map((size) => Math.round(size / 1e6)).join(' ')
    expect(bytes).toHaveLength(EPOCHS)
    expect(Math.max(...bytes), seen).toBeLessThan(600e6)
    expect(growth(sizes, 16), seen).toBeLessThan(ALLOWED)
    expect(growth(leaking(sizes.length, 7e5), 16)).toBeGreaterThan(ALLOWED)
  },
  PATIENCE_MILLISECONDS
)

test(
  'eight runs in one process leave its resident size flat',
  async (context) => {
    onlyLinux(context)
    const RUNS = 8
    const WARM_UP = 3 // allocators settle
    const ALLOWED = 40e6 // a run that kept its sessions would add its copy of the images, 55 MB
    const pids: number[] = []
    const spawn = forkTrainer(trainerPath)
    const lab = openLab(home, () => {
      const trainer = spawn()
      pids.push(trainer.pid ?? 0)
      return trainer
    })
    try {
      const base = { ...presets.article.base, trainLimit: 512, epochs: 1 }
      const experiment: Experiment = { ...presets.article, base, varied: { key: 'latentDim', values: [2, 8] } }
      const bytes: number[] = []
      for (let run = 0; run < RUNS; run++) {
        const id = await lab.calls.startRun(experiment, 'cpu')
        expect((await lab.whenEnded(id)).status).toBe('finished')
        bytes.push(residentBytes(pids[0]))
      }
      const sizes = bytes.slice(WARM_UP)
      const seen = bytes.map((size) => Math.round(size / 1e6)).join(' ')
      expect(pids).toHaveLength(1)
      expect(growth(sizes, 2), seen).toBeLessThan(ALLOWED)
      expect(growth(leaking(sizes.length, 20e6), 2)).toBeGreaterThan(ALLOWED)
    } finally {
      await lab.close()
    }
  },
  PATIENCE_MILLISECONDS
)
