import { spawn } from 'node:child_process'
import { chmod, mkdtemp, open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createLeaseWatch, LEASE_MILLISECONDS, SIGN_MILLISECONDS } from '../../../src/main/lab/lease'
import { claimRun, isAbandoned, readOwner, settledOwner } from '../../../src/main/lab/owner'
import { lifeOf, thisPlace, thisProcess } from '../../../src/main/system/process-identity'

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
  const claim = await claimRun(folder, 'queued')
  expect(await readOwner(folder)).toMatchObject({ pid: process.pid, state: 'queued' })
  await claim.write('paused')
  expect(await readOwner(folder)).toMatchObject({ state: 'paused' })
  await expect(claimRun(folder, 'queued')).rejects.toMatchObject({ kind: 'busy' })
  await claim.release()
  expect(await readOwner(folder)).toBe(null)
})

test('of many that claim at once, one gets the run', async () => {
  const claims = await Promise.allSettled(Array.from({ length: 8 }, () => claimRun(folder, 'queued')))
  expect(claims.filter((claim) => claim.status === 'fulfilled')).toHaveLength(1)
  expect(await readdir(folder)).toEqual(['owner.json'])
})

test('of many that take a dead owner’s run at once, one gets it, and a taker that was killed is in nobody’s way', async () => {
  const dead = { ...thisProcess(), pid: await deadPid(), state: 'running' }
  for (let round = 0; round < 20; round++) {
    await write(dead)
    for (const level of [1, 2]) await writeFile(join(folder, `.owner.json.${level}.tmp`), JSON.stringify(dead))
    const claims = await Promise.allSettled(Array.from({ length: 8 }, () => claimRun(folder, 'queued')))
    const won = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []))
    expect(won).toHaveLength(1)
    expect(await readOwner(folder)).toMatchObject({ token: won[0]?.proof.token })
    expect(await readdir(folder)).toEqual(['owner.json'])
    await won[0]?.release()
  }
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

test('where the system tells no start, no clock decides: a number that is given out may be its owner’s', async () => {
  const untold = { pid: process.pid, processStart: null, claimedAt: 0 } // as after a clock was set forward
  expect(lifeOf(untold, thisPlace())).toBe('unknown')
  expect(lifeOf(untold)).toBe('living') // as older versions claimed, which give no signs of life
  expect(lifeOf({ ...untold, pid: await deadPid() }, thisPlace())).toBe('gone')
})

test.each([['{"pid":"me"}'], ['{"owner":"team-a"}'], ['{"pid":'], ['']])(
  'an owner file with %j in it is somebody’s until it has stood still for a lease',
  async (content) => {
    const path = join(folder, 'owner.json')
    await writeFile(path, content)
    expect(await readOwner(folder)).toMatchObject({ state: 'running' })
    expect(await isAbandoned(folder)).toBe(false)
    let now = 0
    const watch = createLeaseWatch(() => now)
    const pass = async () => void (now += 1_000)
    const signal = async () => utimes(path, 1, (now += 1_000))
    expect(await settledOwner(path, watch, signal)).not.toBe(null)
    expect(await settledOwner(path, watch, pass)).toBe(null)
    expect(now).toBeGreaterThanOrEqual(LEASE_MILLISECONDS)
    expect(await isAbandoned(folder)).toBe(false)
  }
)

test('a living owner whose state only a newer version knows keeps its run', async () => {
  const claim = await claimRun(folder, 'running')
  const content = await readFile(join(folder, 'owner.json'), 'utf8')
  await writeFile(join(folder, 'owner.json'), content.replace('running', 'cooling'))
  expect(await readOwner(folder)).toMatchObject({ pid: process.pid, state: 'running', token: claim.proof.token })
  await claim.check()
})

test('a claim that was given up and could not be removed is no one’s', async () => {
  const path = join(folder, 'owner.json')
  const claim = await claimRun(folder, 'running')
  const content = await readFile(path)
  await claim.release()
  await writeFile(path, content)
  expect(await readOwner(folder)).toBe(null)
  await claimRun(folder, 'running')
})

const elsewhere = { host: 'marvin', numbers: 'another boot pid:[1]', machine: null }

/** Claims as a process of another machine. */
const writeFrom = (place: object, token: string) => write({ ...thisProcess(), place, token, state: 'running' })

test('a process is judged by its number only where that was given out', () => {
  const here = thisPlace()
  const gone = { ...thisProcess(), claimedAt: 0, processStart: 'another boot 1' }
  expect(lifeOf(thisProcess(), here)).toBe('living')
  expect(lifeOf(gone, here)).toBe('gone')
  expect(lifeOf(gone)).toBe('gone') // as older versions claimed
  expect(lifeOf(gone, elsewhere)).toBe('unknown')
  expect(lifeOf(thisProcess(), { ...here, numbers: null, machine: null })).toBe('unknown')
  const rebooted = { ...here, numbers: 'an earlier boot' }
  expect(lifeOf(thisProcess(), { ...rebooted, machine: null })).toBe('unknown')
  if (here.machine !== null) expect(lifeOf(thisProcess(), rebooted)).toBe('gone')
})

test('an owner elsewhere lives until it was seen to stand still, which only looking shows', () => {
  let now = 0
  const { look } = createLeaseWatch(() => now)
  const lookAfter = (milliseconds: number, sign: string) => {
    now += milliseconds
    return look('token', sign)
  }
  expect(lookAfter(0, 'a')).toBe('new')
  expect(lookAfter(3_600_000, 'a')).toBe('still') // who slept for an hour has seen nothing of it
  expect(lookAfter(SIGN_MILLISECONDS, 'b')).toBe('changed')
  for (let waited = SIGN_MILLISECONDS; waited < LEASE_MILLISECONDS; waited += SIGN_MILLISECONDS)
    expect(lookAfter(SIGN_MILLISECONDS, 'b')).toBe('still')
  expect(lookAfter(SIGN_MILLISECONDS, 'b')).toBe('gone')
  expect(look('another', 'b')).toBe('new')
})

test.each([
  ['an owner elsewhere', elsewhere],
  ['a number here of which the system told no start', thisPlace()]
])('whoever takes a run watches %s until it gives a sign or stands still', async (_, place) => {
  let now = 0
  const watch = createLeaseWatch(() => now)
  const path = join(folder, 'owner.json')
  const claims: unknown[] = []
  for (const signs of [true, false]) {
    const owner = { ...thisProcess(), pid: process.ppid, processStart: null, claimedAt: 0 }
    await write({ ...owner, place, token: String(signs), state: 'running' })
    claims.push(
      await settledOwner(path, watch, async () => {
        now += 1_000
        if (signs && now === 4_000) await utimes(path, 1, now)
      })
    )
  }
  expect(claims).toEqual([expect.objectContaining({ token: 'true' }), null])
  expect(now).toBe(4_000 + LEASE_MILLISECONDS)
})

test('a list does not wait for owners elsewhere, and reads no less for them', async () => {
  await writeFrom(elsewhere, 'listed')
  expect(await readOwner(folder)).toMatchObject({ token: 'listed', place: elsewhere })
  expect(await isAbandoned(folder)).toBe(false)
  expect(await readdir(folder)).toEqual(['owner.json'])
})

test('a claim gives signs of life, comes back where it was removed, and knows when it is lost', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const path = join(folder, 'owner.json')
  const claim = await claimRun(folder, 'running')
  await utimes(path, 1, 1)
  vi.advanceTimersByTime(SIGN_MILLISECONDS)
  await vi.waitFor(async () => expect((await stat(path)).mtimeMs).toBeGreaterThan(1_000))
  await vi.waitFor(async () => {
    await rm(path, { force: true })
    vi.advanceTimersByTime(SIGN_MILLISECONDS)
    await vi.waitFor(async () => expect(await readOwner(folder)).toMatchObject({ token: claim.proof.token }))
  })
  await claim.check()
  await writeFrom(elsewhere, 'another')
  const loss = /This run has been taken over by process \d+ on marvin/
  await expect(claim.check()).rejects.toThrow(loss)
  await expect(claim.write('running')).rejects.toThrow(loss)
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ token: 'another' })
  const told = vi.waitFor(() => vi.advanceTimersByTime(SIGN_MILLISECONDS))
  expect((await claim.lost).message).toMatch(loss)
  await told
  await claim.release()
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ token: 'another' })
})

test('a claim that is written late goes into the file that it was, not over the one that has taken its place', async () => {
  const path = join(folder, 'owner.json')
  const claim = await claimRun(folder, 'queued')
  const file = await open(path) // as one who has looked, and is held up before it writes
  await claim.write('paused')
  const inPlace = Buffer.alloc(4096)
  await file.read(inPlace)
  await file.close()
  expect(JSON.parse(String(inPlace))).toMatchObject({ state: 'paused', token: claim.proof.token })
})

test('who may write the claim but not set its times gives signs of life', async (context) => {
  context.skip(process.getuid?.() !== 0, 'needs a right to become another user')
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const path = join(folder, 'owner.json')
  const claim = await claimRun(folder, 'running')
  await chmod(folder, 0o777)
  await chmod(path, 0o666)
  await utimes(path, 1, 1)
  try {
    process.seteuid?.(65_534)
    await expect(utimes(path, 2, 2)).rejects.toMatchObject({ code: 'EPERM' })
    vi.advanceTimersByTime(SIGN_MILLISECONDS)
    await vi.waitFor(async () => expect((await stat(path)).mtimeMs).toBeGreaterThan(2_000), { timeout: 20_000 })
  } finally {
    process.seteuid?.(0)
    vi.useRealTimers()
    await claim.release()
  }
}, 60_000)
