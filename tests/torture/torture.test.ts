// The short form of `npm run torture`: one of each kind that other tests don't have, with real processes, files and signals.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { prepare, removeAll } from '../../scripts/torture/attempts.mjs'
import { endAll } from '../../scripts/torture/lab-process.mjs'
import { seededRandom } from '../../scripts/torture/random.mjs'

const MINUTES = 60_000
const isLinux = process.platform === 'linux'
beforeEach(({ skip }) => skip(!isLinux, 'needs Linux, whose /proc names the processes'))

const place = isLinux ? mkdtempSync(join(tmpdir(), 'bottleneck-lab-torture-')) : ''
let attempts: ReturnType<typeof prepare> | undefined
afterAll(() => {
  endAll()
  if (isLinux) removeAll(place)
})

it.for(['all killed', 'killed at a write', 'a damaged checkpoint', 'full disk', 'two owners'])(
  'a run ends as an undisturbed one does, bit for bit, and leaves nothing over: %s',
  { timeout: 15 * MINUTES },
  async (kind, { skip }) => {
    attempts ??= prepare({ place, random: seededRandom(1) })
    const { faults, skipped } = await (await attempts)(kind)
    skip(skipped !== undefined, skipped)
    expect(faults).toEqual([])
  }
)
