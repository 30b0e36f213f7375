// The parts of a run belong together, on real trainings: damage is found part by part, and costs an epoch where it can be made up for.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { modelsOf } from '@shared/experiment'
import { epochsDone } from '@shared/run'
import { forkTrainer } from '../../src/main/lab/fork'
import type { Lab } from '../../src/main/lab/lab'
import { readRunFile, writeRunFile } from '../../src/main/lab/run-folder'
import type { SpawnTrainer } from '../../src/main/lab/child-process'
import { readCheckpoint } from '../../src/main/trainer/checkpoint'
import { keptLog, makeHome, nextEvent, offering, openLab, smallExperiment, type TestHome } from '../fixtures/lab'

const EPOCHS = 12
const LAST = 'checkpoint.safetensors'
const PREVIOUS = 'checkpoint.previous.safetensors'
const built = (name: string) => resolve(__dirname, '../../out/main', name)
const faults = resolve(__dirname, '../../scripts/torture/faults.mjs')
const experiment = smallExperiment({ base: { epochs: EPOCHS, trainLimit: 3000 } })
const log = keptLog()
const pids: number[] = []
const report = async () => new TextEncoder().encode('%PDF-1.7\nstartxref\n0\n%%EOF\n')
let home: TestHome
let lab: Lab
let whole: string

const spawnTrainer: SpawnTrainer = () => {
  const trainer = forkTrainer(built('trainer.js'))()
  if (trainer.pid !== undefined) pids.push(trainer.pid)
  return trainer
}

beforeAll(async () => {
  home = await makeHome()
  lab = openLab(home, offering(spawnTrainer, 'cpu'), { log, drawReport: report })
  whole = await lab.calls.startRun(experiment, 'cpu')
  await lab.whenEnded(whole)
}, 300_000)
beforeEach(() => {
  log.lines.length = 0
})
afterAll(async () => {
  await lab.close()
  await home.remove()
})

const fileIn = (id: string, name: string) => join(lab.folderOf(id), name)
const namesIn = async (id: string) => (await readdir(lab.folderOf(id))).sort()

/** Flips a bit in the middle; in JSON in the first decimal of a loss, since the last one of many may mean the same number. */
async function flip(path: string): Promise<void> {
  const bytes = await readFile(path)
  const loss = path.endsWith('.json') ? bytes.indexOf('"valLoss"') : -1
  const place = loss < 0 ? Math.floor(bytes.length / 2) : bytes.indexOf('.', loss) + 1
  bytes[place] = (bytes[place] ?? 0) ^ 2
  await writeFile(path, bytes)
}

/** All that a run's training has come to. */
async function endOf(id: string) {
  const { status, models, bounds, dataset, digitsSha256 } = await readRunFile(lab.folderOf(id))
  const owner = { experiment, models: modelsOf(experiment, 784), datasetSha256: dataset.sha256 }
  const { states, history } = await readCheckpoint(fileIn(id, LAST), owner)
  const digits = await readFile(fileIn(id, 'digits.bin'))
  return { names: await namesIn(id), states, history, status, models, bounds, digitsSha256, digits }
}

/** A run whose trainer was killed after some epochs, with the last checkpoint and the one before. */
async function killedRun(): Promise<string> {
  const id = await lab.calls.startRun(experiment, 'cpu')
  await nextEvent(lab, 'epochEnded', (ended) => ended.id === id && ended.epoch === 3)
  process.kill(pids.at(-1) as number, 'SIGKILL')
  expect((await lab.whenEnded(id)).error?.kind).toBe('trainer-crashed')
  return id
}

test('a flipped bit in the last checkpoint costs an epoch; the run that goes on equals an undisturbed one bit for bit', async () => {
  const id = await killedRun()
  expect(await namesIn(id)).toEqual(expect.arrayContaining([LAST, PREVIOUS]))
  await flip(fileIn(id, LAST))
  const said = (await check(id)).parts.find(({ part }) => part === LAST)?.detail ?? ''
  const kept = Number(/Continuing goes on from the one before, after epoch (\d+)\.$/.exec(said)?.[1])
  await lab.calls.continueRun(id)
  const { segments } = await lab.whenEnded(id)

  expect(log.lines.join('\n')).toMatch(
    /warn .* goes on from the checkpoint before its last\. .* content that was changed/
  )
  expect(segments[0]?.why).toMatch(
    new RegExp(`; epoch ${kept + 1} was trained again, since its checkpoint could not be read$`)
  )
  expect(await endOf(id)).toEqual(await endOf(whole))
}, 300_000)

test('a trainer that is killed between the two renames of a checkpoint leaves the one before, and nothing is lost', async () => {
  await lab.close() // its trainer is there already
  lab = openLab(home, offering(spawnTrainer, 'cpu'), { log, drawReport: report })
  Object.assign(process.env, { NODE_OPTIONS: `--import ${faults}`, TORTURE_FAULT: 'trainer,rename,11,kill' }) // the fourth epoch’s second of three
  const id = await lab.calls.startRun(experiment, 'cpu')
  const ended = await lab.whenEnded(id).finally(() => {
    delete process.env.NODE_OPTIONS
    delete process.env.TORTURE_FAULT
  })
  expect(ended.error?.kind).toBe('trainer-crashed')
  expect(epochsDone(ended)).toBe(3)
  const names = await namesIn(id)
  expect(names).toContain(PREVIOUS)
  expect(names).not.toContain(LAST)
  const { code, parts } = await check(id)
  expect([code, parts.find(({ part }) => part === LAST)?.detail]).toEqual([
    0,
    'cut off while it was written; the one before has all of 3 epochs'
  ])

  await lab.calls.continueRun(id)
  const { segments } = await lab.whenEnded(id)
  expect(segments[0]?.why).not.toContain('trained again')
  expect(await endOf(id)).toEqual(await endOf(whole))
}, 300_000)

test('digits that the run did not write are never handed to a view; those of other epochs are', async () => {
  const copy = await copyOfWhole('digits')
  await flip(fileIn(copy, 'digits.bin'))
  await expect(lab.calls.readDigits(copy, 1, EPOCHS)).rejects.toMatchObject({ kind: 'bad-file' })
  expect((await lab.calls.readDigits(copy, EPOCHS, EPOCHS)).epochs).toBe(1)
})

test('a checkpoint of the same experiment with other losses is not continued', async () => {
  const id = await killedRun()
  const file = await readRunFile(lab.folderOf(id))
  await cp(fileIn(whole, LAST), fileIn(id, PREVIOUS))
  for (const model of file.models) model.history.trainLoss[0] = 0.5
  await writeRunFile(lab.folderOf(id), file)
  await lab.calls.continueRun(id)
  const { error, models } = await lab.whenEnded(id)
  expect(error).toMatchObject({ kind: 'bad-file', found: 'other losses of epoch 1 than run.json has' })
  expect(models).toEqual(file.models)
}, 300_000)

let copies = 0

async function copyOfWhole(name: string): Promise<string> {
  const id = `${++copies}-${name}`
  await cp(lab.folderOf(whole), join(home.paths.runs, id), { recursive: true })
  return id
}

interface Part {
  part: string
  whole: boolean | null
  detail: string
}

/** What a command says. */
async function command(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, BOTTLENECK_LAB_HOME: home.folder }
  const child = spawn(process.execPath, [built('index.js'), ...argv], { env })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (part: Buffer) => (said[name] += String(part)))
  const [code] = (await once(child, 'close')) as [number]
  return { code, ...said }
}

async function check(id: string): Promise<{ code: number; parts: Part[] }> {
  const { code, stdout, stderr } = await command('check', id, '--json')
  expect(stderr).toBe('')
  const parts = stdout.trimEnd().split('\n')
  return { code, parts: parts.map((line) => JSON.parse(line) as Part) }
}

describe('check', () => {
  const parts = ['run.json', LAST, 'digits.bin', 'weights', 'report.pdf']

  test('says of a whole run that each part is, writes nothing, and exits 0', async () => {
    const id = await copyOfWhole('whole')
    const stats = () => Promise.all(parts.map(async (name) => (await stat(fileIn(id, name))).ctimeMs))
    const before = await stats()
    const { code, stdout, stderr } = await command('check', lab.folderOf(id))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['part', 'whole', 'detail'],
      ['run.json', 'yes', '12 of 12 epochs'],
      [LAST, 'yes', 'after epoch 12'],
      ['digits.bin', 'yes', '12 epochs'],
      ['weights', 'yes', '12 epochs, float16, of every epoch'],
      ['report.pdf', 'yes', 'begins and ends as a PDF does; it has no digest'],
      ['']
    ])
    expect(await namesIn(id)).toEqual([...parts].sort())
    expect(await stats()).toEqual(before)
    expect((await check(id)).parts.map(({ part, whole }) => [part, whole])).toEqual(parts.map((part) => [part, true]))
  }, 120_000)

  test.each([
    ['run.json', /^The run file run.json is not usable: found /],
    [
      LAST,
      /^The checkpoint checkpoint\.safetensors is not usable: found .* The results are not affected, and nothing is left to train; /
    ],
    ['digits.bin', /^The file of digits digits.bin is not usable: found other digits of epoch 7 than the run wrote/]
  ])(
    'finds one flipped bit in %s, and exits 1',
    async (name, detail) => {
      const id = await copyOfWhole('flipped')
      await flip(fileIn(id, name))
      const { code, parts } = await check(id)
      expect(code).toBe(1)
      expect(parts.filter(({ whole }) => whole === false)).toEqual([
        { part: name, whole: false, detail: expect.stringMatching(detail) as string }
      ])
      if (name !== 'run.json') return
      expect(parts.filter(({ whole }) => whole === null).map(({ part }) => part)).toEqual([LAST, 'digits.bin'])
    },
    60_000
  )

  test('finds a checkpoint that is gone, digits that are cut and a report that is cut', async () => {
    const id = await copyOfWhole('cut')
    await writeFile(fileIn(id, 'report.pdf'), '%PDF-1.7\n…')
    await writeFile(fileIn(id, 'digits.bin'), (await readFile(fileIn(id, 'digits.bin'))).subarray(0, -1))
    await cp(fileIn(id, LAST), fileIn(id, PREVIOUS))
    await flip(fileIn(id, LAST))
    const { code, parts } = await check(id)
    expect(code).toBe(1)
    expect(parts.map(({ part, whole }) => [part, whole])).toEqual([
      ['run.json', true],
      [LAST, false],
      [PREVIOUS, true],
      ['digits.bin', false],
      ['weights', true],
      ['report.pdf', false]
    ])
    expect(parts[3]?.detail).toBe(
      'The file of digits digits.bin is too short: found 11 epochs, expected 12. Put a whole copy of it in its place; losses and metrics are not affected.'
    )
    await rm(fileIn(id, 'digits.bin'))
    await rm(fileIn(id, LAST))
    const gone = new Map((await check(id)).parts.map(({ part, detail }) => [part, detail]))
    expect(gone.get('digits.bin')).toMatch(/^The file of digits digits.bin is missing\. Put a whole copy/)
  }, 120_000)

  test('of a run without run.json says that it is missing, by path as by id; other commands say how to mend it', async () => {
    const id = await copyOfWhole('headless')
    await rm(fileIn(id, 'run.json'))
    for (const name of [id, lab.folderOf(id)]) {
      const { code, parts } = await check(name)
      expect(code).toBe(1)
      expect(parts.slice(0, 3)).toEqual([
        { part: 'run.json', whole: false, detail: 'missing' },
        { part: LAST, whole: null, detail: 'can’t be checked without run.json' },
        { part: 'digits.bin', whole: null, detail: 'can’t be checked without run.json' }
      ])
      const reported = await command('report', name)
      expect(reported).toMatchObject({ code: 2, stdout: '' })
      expect(reported.stderr).toMatch(
        /^The run folder .* holds no run\.json\. Put a copy of it back, or delete the folder\.\n$/
      )
    }
  }, 120_000)

  test('does not call a file damaged that could not be read', async (context) => {
    context.skip(process.platform === 'win32', 'needs symbolic links')
    const id = await copyOfWhole('unread')
    await rm(fileIn(id, 'run.json'))
    await symlink('run.json', fileIn(id, 'run.json')) // leads to itself: the system opens it for nobody
    const { code, parts } = await check(lab.folderOf(id))
    expect(code).toBe(1)
    expect(parts[0]).toMatchObject({ part: 'run.json', whole: null })
    expect(parts[0]?.detail).toMatch(
      /^The run file run\.json can’t be read: found a symbolic link that can’t be followed\./
    )
  }, 120_000)

  test('knows no run of another name', async () => {
    const { code, stdout, stderr } = await command('check', 'nothing')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^There is no such run: found nothing, /)
    expect(basename(lab.folderOf(whole))).toBe(whole)
  })
})
