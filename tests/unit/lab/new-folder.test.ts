import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { canBeTaken, claimNewFolder } from '../../../src/main/lab/new-folder'
import { readOwner } from '../../../src/main/lab/owner'
import { thisProcess } from '../../../src/main/system/process-identity'

let place: string
let folder: string
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'bottleneck-lab-new-'))
  folder = join(place, 'run')
})
afterEach(() => rm(place, { recursive: true, force: true }))

/** A claim of a process that has ended. */
async function deadClaim(): Promise<string> {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.once('exit', resolve))
  return JSON.stringify({ ...thisProcess(), pid: child.pid, state: 'queued' })
}

test.each([[[]], [['.owner.json.7.8.tmp']], [['owner.json']], [['owner.json', '.run.json.7.8.tmp']]])(
  'a start that was cut off and left %j is taken over',
  async (names: string[]) => {
    await mkdir(folder)
    for (const name of names) await writeFile(join(folder, name), await deadClaim())
    const claim = await claimNewFolder(folder)
    expect(await readdir(folder)).toEqual(['owner.json'])
    expect(await readOwner(folder)).toMatchObject({ pid: process.pid, token: claim?.proof.token })
  }
)

test.each(['run.json', 'notes.txt', '.hidden', 'checkpoint.safetensors'])(
  'a folder with %s beside what a start leaves is left as it is',
  async (name) => {
    await mkdir(folder)
    for (const file of [name, '.owner.json.7.8.tmp', 'owner.json']) await writeFile(join(folder, file), '')
    expect(await claimNewFolder(folder)).toBe(null)
    expect(await readdir(folder)).toHaveLength(3)
  }
)

test.each(['{"owner":"team-a"}', '[]', '# owners'])(
  'a folder with an owner.json of someone else, %j, is left as it is',
  async (content) => {
    await mkdir(folder)
    await writeFile(join(folder, 'owner.json'), content)
    expect(await canBeTaken(folder)).toBe(false)
    expect(await claimNewFolder(folder)).toBe(null)
    expect(await readFile(join(folder, 'owner.json'), 'utf8')).toBe(content)
  }
)

test('a file or a link of the name is left as it is', async () => {
  await writeFile(folder, '')
  expect(await claimNewFolder(folder)).toBe(null)
  await mkdir(join(place, 'other'))
  await symlink(join(place, 'other'), join(place, 'link'))
  expect(await claimNewFolder(join(place, 'link'))).toBe(null)
})

test('of many that start under one name, one gets it, whether or not a start was cut off there', async () => {
  for (const before of [false, true]) {
    if (before) await mkdir(folder)
    if (before) await writeFile(join(folder, 'owner.json'), await deadClaim())
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimNewFolder(folder)))
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
    expect(await readdir(folder)).toEqual(['owner.json'])
    await rm(folder, { recursive: true })
  }
})
