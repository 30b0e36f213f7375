import { link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mnistFiles } from '../../../src/main/data/mnist'
import { checkOutputFile, writeOutputFile } from '../../../src/main/lab/output-file'
import { appPaths } from '../../../src/main/system/paths'
import { onSmallDisk } from '../../fixtures/small-disk'

const PARTS = ['run.json', 'checkpoint.safetensors', 'digits.bin', 'owner.json']
const pdf = new TextEncoder().encode('%PDF-')
let home: string
let run: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bottleneck-lab-output-'))
  run = join(home, 'run')
  await mkdir(run)
  await writeFile(join(run, 'run.json'), '{}')
})
afterEach(() => rm(home, { recursive: true, force: true }))

const refused = (path: string) =>
  expect(writeOutputFile(path, pdf, run)).rejects.toMatchObject({
    kind: 'not-writable',
    data: { found: expect.stringMatching(/ of the run in /) as string }
  })

test.each(PARTS)('%s of a run is refused, whether it is there or not', async (name) => {
  await refused(join(run, name))
  await refused(join(run, name.toUpperCase()))
  await refused(join(run, '..', 'run', '.', name))
  await writeFile(join(run, name), 'whole')
  await refused(join(run, name))
  await refused(join(run, '..', 'run', name))
  expect(await readFile(join(run, name), 'utf8')).toBe('whole')
})

test('no link leads to a part of a run', async () => {
  await symlink(join(run, 'run.json'), join(home, 'file.pdf'))
  await symlink(join(home, 'file.pdf'), join(home, 'chain.pdf'))
  await symlink(run, join(home, 'folder'))
  await link(join(run, 'run.json'), join(home, 'hard.pdf'))
  for (const path of ['file.pdf', 'chain.pdf', 'hard.pdf', 'folder/run.json']) await refused(join(home, path))
  expect(await readFile(join(run, 'run.json'), 'utf8')).toBe('{}')
})

test('the files of another run are refused as well', async () => {
  const other = join(home, 'other')
  await mkdir(other)
  await writeFile(join(other, 'run.json'), '{}')
  await refused(join(other, 'run.json'))
  await refused(join(other, 'digits.bin'))
})

test('what is no regular file is refused', async () => {
  await expect(checkOutputFile(home)).rejects.toMatchObject({ data: { found: 'a folder of that name' } })
  if (process.platform === 'win32') return
  await expect(checkOutputFile('/dev/null')).rejects.toMatchObject({
    data: { found: 'something there that is no regular file' }
  })
})

test('a file that the application uses is refused, whether it is there or not', async () => {
  process.env.BOTTLENECK_LAB_HOME = home
  process.env.BOTTLENECK_LAB_DATA = join(home, 'data')
  try {
    const { settings, devices, log } = appPaths()
    const data = Object.values(mnistFiles).map(({ name }) => join(home, 'data', name))
    for (const own of [settings, devices, log, ...data]) {
      await expect(writeOutputFile(own, pdf, run)).rejects.toMatchObject({
        kind: 'not-writable',
        data: { found: 'a file that this application uses' }
      })
    }
    await mkdir(join(home, 'config'))
    await writeFile(settings, '{}')
    await mkdir(join(home, 'data', 'MNIST', 'raw'), { recursive: true })
    const images = join(home, 'data', 'MNIST', 'raw', 'T10K-images.idx3-ubyte')
    await writeFile(images, '{}')
    await symlink(settings, join(home, 'link.pdf'))
    await link(images, join(home, 'hard.pdf'))
    for (const path of [
      images,
      join(home, 'link.pdf'),
      join(home, 'hard.pdf'),
      join(home, 'config', '.', 'settings.json')
    ]) {
      await expect(writeOutputFile(path, pdf, run)).rejects.toMatchObject({
        data: { found: expect.stringContaining('this application uses') as string }
      })
    }
    for (const path of [settings, images]) expect(await readFile(path, 'utf8')).toBe('{}')
  } finally {
    delete process.env.BOTTLENECK_LAB_HOME
    delete process.env.BOTTLENECK_LAB_DATA
  }
})

test('anything else is written: a report in the run folder, a new name, a file that happens to be called run.json', async () => {
  for (const path of [join(run, 'report.pdf'), join(run, 'copy.pdf'), join(home, 'new.pdf'), join(home, 'run.json')]) {
    await writeOutputFile(path, pdf, run)
    expect(await readFile(path, 'utf8')).toBe('%PDF-')
  }
})

test('a full disk keeps what was there, leaves nothing beside it and says how much is needed', async (context) => {
  const disk = join(home, 'disk')
  await mkdir(disk)
  await onSmallDisk(context, disk, async () => {
    const path = join(disk, 'report.pdf')
    await writeFile(path, 'before')
    await expect(writeOutputFile(path, new Uint8Array(100_000), run)).rejects.toMatchObject({
      data: { kind: 'disk-full', found: expect.stringMatching(/^6\d.* kB free$/), expected: '100 kB' }
    })
    expect([await readdir(disk), await readFile(path, 'utf8')]).toEqual([['report.pdf'], 'before'])
  })
})
