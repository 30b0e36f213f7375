import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { importRun } from '../../../src/main/lab/import-run'
import { writeNotes } from '../../../src/main/lab/notes-file'
import { claimRun } from '../../../src/main/lab/owner'
import { packRun } from '../../../src/main/lab/pack-run'
import { readRunFile, runFolderFiles, writeRunFile } from '../../../src/main/lab/run-folder'
import { quietly } from '../../../src/main/data/readers/read-images'
import { archiveOf, directoryEntry, manifestOf, type Contents } from '../../fixtures/archive'
import { fixtureRun } from '../../fixtures/run-file'
import { onSmallDisk } from '../../fixtures/small-disk'

let home: string
let runs: string
let folder: string
let out: string
let whole: Contents
const id = 'fixture-0001'
const run = fixtureRun({ latentDims: [2, 8], epochs: 2 })
const nothing = { weights: false, analyses: false, force: false }
const all = { weights: true, analyses: true, force: false }

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bottleneck-lab-pack-'))
  runs = join(home, 'runs')
  folder = join(home, id)
  out = join(home, 'run.bottleneck')
  await mkdir(join(folder, 'weights'), { recursive: true })
  await mkdir(join(folder, 'analysis'))
  await writeRunFile(folder, { ...run, weights: { every: 1, sha256: ['0'.repeat(64), '1'.repeat(64)], problem: null } })
  await writeNotes(folder, { tags: ['theirs'], note: 'מודל 🙂' })
  const { checkpoint, digits, weights } = runFolderFiles(folder)
  await writeFile(checkpoint, pattern(700_001))
  await writeFile(digits, pattern(2 * 2 * 20 * 784))
  await writeFile(join(weights, '0001.safetensors'), pattern(1000))
  await writeFile(join(weights, '0002.safetensors'), pattern(0))
  await writeFile(join(folder, 'analysis', 'umap-1-0002.json'), '{}')
  whole = { 'run.json': await readFile(join(folder, 'run.json')), 'digits.bin': pattern(3000) }
})
afterEach(() => rm(home, { recursive: true, force: true }))

const pattern = (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => (i * i) >> 8)

/** Writes a file and imports it. */
async function importing(bytes: Uint8Array): Promise<unknown> {
  await writeFile(out, bytes)
  return importRun(out, runs)
}

const left = () => readdir(runs).catch(() => [])

test('a packed run is imported with the same bytes; without its weights it keeps none, and nothing is missing', async () => {
  await packRun(folder, out, nothing, quietly)
  expect(Object.keys(unzipSync(await readFile(out)))).toEqual([
    'run.json',
    'digits.bin',
    'checkpoint.safetensors',
    'notes.json',
    'manifest.json'
  ])
  const { id: imported, problems } = await importRun(out, runs)
  expect([imported, problems.map(({ part }) => part)]).toEqual([id, ['checkpoint.safetensors']]) // a pattern is none
  const to = join(runs, imported)
  for (const name of ['digits.bin', 'checkpoint.safetensors', 'notes.json']) {
    expect((await readFile(join(to, name))).equals(await readFile(join(folder, name))), name).toBe(true)
  }
  const { weights, ...rest } = await readRunFile(to)
  expect(weights).toBeUndefined()
  expect({ ...rest, weights: 'some' }).toEqual({ ...(await readRunFile(folder)), weights: 'some' })
  expect(await left()).toEqual([id])
})

test('with weights and analyses all of the folder comes along but links and what is no part of a run', async () => {
  await writeFile(join(folder, 'something-else'), 'not packed')
  await symlink('/etc/hostname', runFolderFiles(folder).report)
  await packRun(folder, out, all, quietly)
  await importRun(out, runs)
  const inFolder = async (name: string) => (await readdir(join(runs, id, name))).sort()
  expect(await inFolder('.')).toEqual(['analysis', 'checkpoint.safetensors', 'digits.bin', 'notes.json', 'run.json', 'weights']) // prettier-ignore
  expect(await inFolder('weights')).toEqual(['0001.safetensors', '0002.safetensors'])
  expect(await inFolder('analysis')).toEqual(['umap-1-0002.json'])
  expect((await readRunFile(join(runs, id))).weights?.every).toBe(1)
})

test('the same run makes the same bytes, wherever and whenever it lies', async () => {
  await packRun(folder, out, all, quietly)
  const other = join(home, 'copy')
  await cp(folder, other, { recursive: true })
  await utimes(join(other, 'digits.bin'), 1, 1)
  await packRun(other, join(home, 'second'), all, quietly)
  expect((await readFile(out)).equals(await readFile(join(home, 'second')))).toBe(true)
})

test('a file that is there is replaced only where that is wanted, and one that is no file never', async () => {
  await writeFile(out, 'mine')
  await expect(packRun(folder, out, nothing, quietly)).rejects.toMatchObject({ kind: 'not-writable' })
  expect(await readFile(out, 'utf8')).toBe('mine')
  await packRun(folder, out, { ...nothing, force: true }, quietly)
  expect((await readFile(out)).subarray(0, 2).toString()).toBe('PK')
  const own = join(folder, 'run.json')
  await expect(packRun(folder, own, { ...nothing, force: true }, quietly)).rejects.toMatchObject({
    kind: 'not-writable'
  })
})

test('a full disk leaves nothing, and how much is needed is told', async (context) => {
  const disk = join(home, 'disk')
  await mkdir(disk)
  await onSmallDisk(context, disk, async () => {
    await writeFile(join(disk, 'run.bottleneck'), 'before')
    const packing = packRun(folder, join(disk, 'run.bottleneck'), { ...nothing, force: true }, quietly)
    await expect(packing).rejects.toThrow(/The disk is full, .* found \d+(\.\d+)? kB free, expected up to \d+ kB/)
    expect(await readdir(disk)).toEqual(['run.bottleneck'])
    expect(await readFile(join(disk, 'run.bottleneck'), 'utf8')).toBe('before')
    await packRun(folder, out, all, quietly)
    await expect(importRun(out, join(disk, 'runs'))).rejects.toThrow(
      /no room for the run: found \d+ kB free, expected \d+ kB/
    )
    expect(await readdir(disk)).toEqual(['run.bottleneck'])
  })
})

test('given up anywhere on the way, packing leaves what was there; a run that trains is not packed', async () => {
  const steps: number[] = []
  await packRun(folder, join(home, 'whole'), nothing, {
    ...quietly,
    onProgress: (done, total) => steps.push(done / total)
  })
  expect(steps).toEqual([...steps].sort((a, b) => a - b))
  expect(steps[steps.length - 1]).toBe(1)
  const before = (await readdir(home)).sort()
  for (let stopAt = 1; stopAt < steps.length; stopAt++) {
    const given = new AbortController()
    let seen = 0
    const onProgress = () => void (++seen === stopAt && given.abort())
    const packing = packRun(folder, out, nothing, { signal: given.signal, onProgress })
    await expect(packing, `given up at step ${stopAt}`).rejects.toMatchObject({ kind: 'busy' })
  }
  expect((await readdir(home)).sort()).toEqual(before)
  const claim = await claimRun(folder, 'running')
  await expect(packRun(folder, out, nothing, quietly)).rejects.toMatchObject({ kind: 'busy' })
  await claim.release()
})

test('given up anywhere on the way, importing leaves nothing', async () => {
  await packRun(folder, out, all, quietly)
  const steps = async (stopAt: number) => {
    const given = new AbortController()
    const seen: number[] = []
    const onProgress = (done: number, total: number) => {
      seen.push(done / total)
      if (seen.length === stopAt) given.abort()
    }
    const imported = await importRun(out, runs, { signal: given.signal, onProgress }).catch(() => null)
    return { seen, imported }
  }
  const { seen } = await steps(Infinity)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
  expect(seen[seen.length - 1]).toBe(1)
  await rm(join(runs, id), { recursive: true })
  for (let stopAt = 1; stopAt < seen.length; stopAt++) {
    expect((await steps(stopAt)).imported, `given up at step ${stopAt}`).toBeNull()
    expect(await left()).toEqual([])
  }
})

test('the very run that is there already is named, another one of its id is refused', async () => {
  await packRun(folder, out, nothing, quietly)
  await importRun(out, runs)
  expect(await importRun(out, runs)).toEqual({ id, problems: [], isThere: true })
  await writeRunFile(folder, { ...run, seconds: 1 })
  await packRun(folder, out, { ...nothing, force: true }, quietly)
  await expect(importRun(out, runs)).rejects.toMatchObject({ kind: 'bad-value' })
  expect(await left()).toEqual([id])
})

/** Whole contents and more. */
const and = (more: Contents): Contents => ({ ...whole, ...more })
/** An archive whose manifest is that of other contents. */
const listing = (listed: Contents, files: Contents) => archiveOf(files, manifestOf(listed))

/** A whole archive with its directory's entry of `name` changed. */
function patched(name: string, change: (zip: Buffer, at: number) => void): Buffer {
  const zip = archiveOf(whole)
  change(zip, directoryEntry(zip, name))
  return zip
}

/** All of `name` in a file becomes `other`, as long as it. */
function renamed(zip: Buffer, name: string, other: string): Buffer {
  for (let at = zip.indexOf(name); at >= 0; at = zip.indexOf(name)) zip.write(other, at)
  return zip
}

/** Four million zeros that say they are a thousand, in the directory and in the manifest. */
function bomb(): Buffer {
  const name = 'checkpoint.safetensors'
  const zip = listing(and({ [name]: pattern(1000) }), and({ [name]: new Uint8Array(4_000_000) }))
  zip.writeUInt32LE(1000, directoryEntry(zip, name) + 24)
  return zip
}

function withLink(): Buffer {
  const name = 'report.pdf'
  return archiveOf(and({ [name]: Buffer.from('/etc/passwd') }), null, { [name]: { os: 3, attrs: 0o120777 << 16 } })
}

function damaged(): Buffer {
  const zip = archiveOf(whole)
  const at = zip.indexOf('digits.bin') + 20
  return zip.fill(0xff, at, at + 20)
}

test.each<[what: string, make: () => Uint8Array, sentence: RegExp]>([
  [
    'a name that leads up',
    () => archiveOf(and({ '../evil': pattern(9) })),
    /leads out of the run’s folder, \.\.\/evil/
  ],
  ['one within', () => archiveOf(and({ 'weights/../../evil': pattern(9) })), /leads out of the run’s folder/],
  ['an absolute name', () => archiveOf(and({ '/etc/cron.d/evil': pattern(9) })), /leads out of the run’s folder/],
  ['a name of Windows', () => archiveOf(and({ '..\\evil': pattern(9) })), /leads out of the run’s folder/],
  ['a drive', () => archiveOf(and({ 'c:evil': pattern(9) })), /leads out of the run’s folder/],
  ['a link', withLink, /a link or a device, report\.pdf/],
  ['the claim of an owner', () => archiveOf(and({ 'owner.json': pattern(9) })), /owner\.json, which no run has/],
  ['a name of no run', () => archiveOf(and({ 'weights/x.exe': pattern(9) })), /x\.exe, which no run has/],
  [
    'one not listed',
    () => listing(whole, and({ 'notes.json': pattern(9) })),
    /notes\.json, which its manifest does not list/
  ],
  ['one missing', () => listing(and({ 'notes.json': pattern(9) }), whole), /no notes\.json, which its manifest lists/],
  [
    'two of one name',
    () => renamed(archiveOf(and({ 'digitz.bin': pattern(9) })), 'digitz', 'digits'),
    /two entries named digits\.bin/
  ],
  ['two that differ in case', () => archiveOf(and({ 'RUN.json': pattern(9) })), /two entries named (RUN|run)\.json/],
  [
    'another digest',
    () => listing(and({ 'digits.bin': pattern(3000).reverse() }), whole),
    /another digits\.bin than was packed/
  ],
  [
    'another size',
    () => listing(and({ 'digits.bin': pattern(9) }), whole),
    /3 kB of digits\.bin, expected 9 B by its manifest/
  ],
  ['more than declared', bomb, /more of checkpoint\.safetensors than the 1 kB that it declares/],
  [
    'a run.json of 17 MB',
    () => archiveOf({ 'run.json': new Uint8Array(17 * 2 ** 20) }),
    /18 MB of run\.json, expected at most 17 MB/
  ],
  [
    'entries that overlap',
    () => patched('digits.bin', (zip, at) => zip.writeUInt32LE(2 ** 24, at + 20)),
    /overlap, digits\.bin/
  ],
  [
    'an encrypted one',
    () => patched('digits.bin', (zip, at) => zip.writeUInt16LE(1, at + 8)),
    /an encrypted entry, digits\.bin/
  ],
  [
    'another method',
    () => patched('digits.bin', (zip, at) => zip.writeUInt16LE(12, at + 10)),
    /the method 12 of an entry/
  ],
  ['a damaged one', damaged, /a damaged entry, digits\.bin/],
  [
    'a newer version',
    () => archiveOf(whole, manifestOf(whole, { version: 2 })),
    /was written by a newer version: found format 2/
  ],
  ['another kind', () => archiveOf(whole, manifestOf(whole, { format: 'other' })), /a manifest of another kind/],
  ['a ZIP of others', () => zipSync({ 'run.json': pattern(9) }), /a ZIP without a manifest/],
  ['no run', () => archiveOf({ 'notes.json': pattern(9) }), /no run\.json/],
  [
    'a damaged run',
    () => archiveOf({ 'run.json': Buffer.from('{') }),
    /The run file run\.bottleneck: run\.json is not usable/
  ],
  ['a PDF', () => Buffer.from('%PDF-1.7 …'), /found no ZIP file/]
])('%s is refused in a sentence, and nothing is left', async (_, make, sentence) => {
  await expect(importing(make())).rejects.toThrow(sentence)
  expect(await left()).toEqual([])
  expect((await readdir(home)).filter((name) => name !== 'runs').sort()).toEqual([id, 'run.bottleneck'])
})

test('cut off anywhere, it is refused', async () => {
  const zip = archiveOf(whole)
  for (const length of [0, 3, 21, 100, Math.floor(zip.length / 2), zip.length - 40, zip.length - 1]) {
    await expect(importing(zip.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({ kind: 'bad-file' })
  }
  await expect(importing(zip.subarray(0, zip.length - 1))).rejects.toThrow(/a file that ends too early/)
  expect(await left()).toEqual([])
})

test('any byte of what is packed that was changed is found', async () => {
  const files = { 'run.json': whole['run.json'] as Uint8Array, 'notes.json': Buffer.from('{"tags":[],"note":""}') }
  const zip = archiveOf(files, null, { 'notes.json': { level: 0 }, 'run.json': { level: 0 } })
  for (const content of Object.values(files)) {
    for (const part of [0, 0.3, 0.6, 0.999]) {
      const changed = Buffer.from(zip)
      const at = zip.indexOf(content) + Math.floor(part * content.length)
      changed[at] = (changed[at] as number) ^ 1
      await expect(importing(changed), `byte ${at}`).rejects.toThrow(/another (run|notes)\.json than was packed/)
    }
  }
  expect(await left()).toEqual([])
})
