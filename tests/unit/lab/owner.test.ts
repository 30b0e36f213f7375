import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  claimRun,
  isAbandoned,
  isAlive,
  readOwner,
  releaseRun,
  thisProcess,
  writeOwnedState
} from '../../../src/main/lab/owner'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-owner-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.once('exit', resolve))
  return child.pid ?? 0
}

const write = (owner: object) => writeFile(join(folder, 'owner.json'), JSON.stringify(owner))

test('a claimed run is owned until it is released', async () => {
  expect(await readOwner(folder)).toBe(null)
  await claimRun(folder, 'queued')
  expect(await readOwner(folder)).toMatchObject({ pid: process.pid, state: 'queued' })
  await writeOwnedState(folder, 'paused')
  expect(await readOwner(folder)).toMatchObject({ state: 'paused' })
  await expect(claimRun(folder, 'queued')).rejects.toMatchObject({ kind: 'busy' })
  await releaseRun(folder)
  expect(await readOwner(folder)).toBe(null)
})

test('of many that claim at once, one gets the run', async () => {
  const claims = await Promise.allSettled(Array.from({ length: 8 }, () => claimRun(folder, 'queued')))
  expect(claims.filter((claim) => claim.status === 'fulfilled')).toHaveLength(1)
  expect(await readdir(folder)).toEqual(['owner.json'])
})

test('a process that has ended owns nothing, nor does another that got its number', async () => {
  await write({ ...thisProcess(), pid: await deadPid(), state: 'running' })
  expect(await readOwner(folder)).toBe(null)
  expect(await isAbandoned(folder)).toBe(true)
  await write({ ...thisProcess(), processStart: 'another boot 1', state: 'running' })
  expect(await readOwner(folder)).toBe(process.platform === 'linux' ? null : expect.anything())
  await claimRun(folder, 'running')
  expect(JSON.parse(await readFile(join(folder, 'owner.json'), 'utf8'))).toMatchObject({ pid: process.pid })
})

test('where the system tells no start, a claim from before the last boot counts for nothing', () => {
  expect(isAlive({ pid: process.pid, processStart: null, claimedAt: 0 })).toBe(false)
  expect(isAlive({ pid: process.pid, processStart: null, claimedAt: Date.now() })).toBe(true)
})

test('an owner file that can’t be read means no owner, living or gone', async () => {
  expect(await isAbandoned(folder)).toBe(false)
  await write({ pid: 'me' })
  expect(await readOwner(folder)).toBe(null)
  expect(await isAbandoned(folder)).toBe(false)
})
