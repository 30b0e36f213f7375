import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { encode } from 'fast-png'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { changedImages } from '@shared/dataset'
import { LabError } from '@shared/errors'
import { createDatasets, loadDataset } from '../../../src/main/data/datasets'
import { fashionFolder, readFashion, withDownload } from '../../../src/main/data/fashion-mnist'
import { decodeImage } from '../../../src/main/data/readers/decode-image'
import { readData } from '../../../src/main/data/readers/read-data'
import { quietly } from '../../../src/main/data/readers/read-images'

const fixtures = 'tests/fixtures/data'
const folder = mkdtempSync(join(tmpdir(), 'readers-'))
afterAll(() => rmSync(folder, { recursive: true }))

const home = join(folder, 'datasets')
const datasets = createDatasets({ home, cache: join(folder, 'cache'), onProblem: (error) => expect(error).toBe(null) })
const read = (path: string) => readData(path, quietly)
const unchanged = { transpose: false, invert: false }

async function refusalOf(path: string) {
  const thrown: unknown = await read(path).catch((error: unknown) => error)
  if (thrown instanceof LabError) return thrown.data
  throw new Error('was read')
}

/** A folder with `count` pictures a class, each of one grey. */
function pictures(name: string, count: number, side = 64): string {
  for (const [label, grey] of [
    ['cat', 40],
    ['dog', 200]
  ] as const) {
    mkdirSync(join(folder, name, label), { recursive: true })
    for (let n = 0; n < count; n++) {
      const data = new Uint8Array(side * side).fill(grey + (n % 10))
      writeFileSync(join(folder, name, label, `${n}.png`), encode({ width: side, height: side, data, channels: 1 }))
    }
  }
  return join(folder, name)
}

describe('NPZ', () => {
  it('gives what NumPy has written, stored', async () => {
    const known = JSON.parse(readFileSync(join(fixtures, 'parts.json'), 'utf8')) as Record<string, number[]>
    const { rows, columns, train, test } = await read(join(fixtures, 'parts.npz'))
    expect([rows, columns]).toEqual([5, 7])
    expect(Array.from(train.pixels)).toEqual(known.x_train)
    expect(train.labels.map(Number)).toEqual(known.y_train)
    expect(Array.from(test?.pixels ?? [])).toEqual(known.x_test)
    expect(test?.labels.map(Number)).toEqual(known.y_test)
  })

  it.each([
    ['fortran.npz', 'an array in Fortran order'],
    ['complex.npz', 'values of dtype <c8'],
    ['negative.npz', 'values from -128 to 127'],
    ['large.npz', 'images of 65 × 65'],
    ['nameless.npz', 'no array of images']
  ])('%s is refused with the reason', async (name, found) => {
    expect(await refusalOf(join(fixtures, name))).toMatchObject({ kind: 'bad-file', found })
  })

  it('that was cut is refused', async () => {
    const bytes = readFileSync(join(fixtures, 'digits.npz'))
    writeFileSync(join(folder, 'cut.npz'), bytes.subarray(0, bytes.length / 2))
    expect((await refusalOf(join(folder, 'cut.npz'))).kind).toBe('bad-file')
  })
})

describe('CSV', () => {
  it('gives the same digits as NPZ', async () => {
    const [csv, npz] = [await read(join(fixtures, 'digits.csv')), await read(join(fixtures, 'digits.npz'))]
    expect(csv.train.labels).toEqual(npz.train.labels.slice(0, 400))
    expect(Buffer.compare(csv.train.pixels, npz.train.pixels.subarray(0, 400 * 64))).toBe(0)
  })

  it('has its label last, with and without titles', async () => {
    const lines = readFileSync(join(fixtures, 'digits.csv'), 'utf8').trim().split('\n').slice(1)
    const turned = lines.map((line) => line.replace(/^(\d+),(.*)$/, '$2,$1'))
    writeFileSync(join(folder, 'last.csv'), turned.join('\n'))
    const labels = lines.map((line) => line.split(',')[0])
    expect((await read(join(folder, 'last.csv'))).train.labels).toEqual(labels) // the first pixel is always black
    writeFileSync(join(folder, 'last.csv'), [`${'p,'.repeat(64)}label`, ...turned].join('\r\n'))
    expect((await read(join(folder, 'last.csv'))).train.labels).toEqual(labels)
  })

  it.each([
    ['1,2,3\n4,5,6', '3 columns'],
    [`${'1,'.repeat(16)}2\n1,2`, '2 columns in line 2'],
    [`${'1,'.repeat(16)}2\n${'x,'.repeat(16)}2`, '“x” in line 2'],
    ['', 'no line of numbers']
  ])('%j is refused with the line', async (content, found) => {
    writeFileSync(join(folder, 'bad.csv'), content)
    expect((await refusalOf(join(folder, 'bad.csv'))).found).toBe(found)
  })
})

describe('pictures', () => {
  const known = JSON.parse(readFileSync(join(fixtures, 'pictures.json'), 'utf8')) as Record<string, number[]>

  it.each(Object.keys(known))('%s has the greys that Pillow reads', (name) => {
    const { pixels } = decodeImage(readFileSync(join(fixtures, 'pictures', name)), name)
    const most = Math.max(...Array.from(pixels, (value, index) => Math.abs(value - (known[name]?.[index] ?? NaN))))
    expect(most).toBeLessThanOrEqual(name.endsWith('.jpg') ? 4 : 1)
  })

  it('that are larger than 64 × 64 are refused before they are decoded', async () => {
    expect((await refusalOf(pictures('large', 1, 65))).found).toBe('images of 65 × 65')
  })

  describe('with a folder called train', () => {
    const grey = encode({ width: 4, height: 4, data: new Uint8Array(16).fill(9), channels: 1 })
    function tree(name: string, ...paths: string[]): string {
      for (const path of paths) {
        mkdirSync(join(folder, name, path, '..'), { recursive: true })
        writeFileSync(join(folder, name, path), grey)
      }
      return join(folder, name)
    }

    it('have a class of that name beside others', async () => {
      const { train, test, notes } = await read(
        tree('vehicles', 'bus/1.png', 'car/1.png', 'train/1.png', 'train/2.png')
      )
      expect(train.labels).toEqual(['bus', 'car', 'train', 'train'])
      expect(test).toBeNull()
      expect(notes).toEqual([])
    })

    it('have parts where test is beside it, and say what else is left out', async () => {
      const parts = tree('parts', 'train/a/1.png', 'train/a/deep/1.png', 'test/a/1.png', 'valid/a/1.png', 'cover.png')
      const { train, test, notes } = await read(parts)
      expect([train.labels, test?.labels]).toEqual([['a'], ['a']])
      expect(notes).toEqual([
        '2 pictures and folders beside train and test are left out',
        '1 folder within a class is left out'
      ])
    })

    it('have a part where it is alone, or holds the classes', async () => {
      expect((await read(tree('alone', 'train/a/1.png', 'train/b/1.png'))).train.labels).toEqual(['a', 'b'])
      const { train, notes } = await read(tree('valid', 'train/a/1.png', 'valid/a/1.png'))
      expect(train.labels).toEqual(['a'])
      expect(notes).toEqual(['1 picture or folder beside train and test is left out'])
    })
  })

  it('become a data set with classes by folder, every tenth for the test', async () => {
    const added = await datasets.add({ path: pictures('pets', 60), name: 'pets', changes: unchanged }, quietly)
    expect(added).toMatchObject({ kind: 'folder of images', trainCount: 108, testCount: 12, classes: ['cat', 'dog'] })
    const { info, train, test } = await loadDataset('pets', datasets.folderOf('pets'))
    expect(info.sha256).toBe(added.sha256)
    expect(Array.from(test.labels)).toEqual([...new Array<number>(6).fill(0), ...new Array<number>(6).fill(1)])
    expect([train.pixels[0], test.pixels[0]]).toEqual([40, 49])
    if (process.platform !== 'win32') expect(statSync(join(home, 'pets', 'dataset.json')).mode & 0o777).toBe(0o600)
  })

  it('that were changed on the disk are refused, and the name is taken until it is removed', async () => {
    await expect(datasets.add({ path: folder, name: 'pets', changes: unchanged }, quietly)).rejects.toThrow('already')
    const path = join(home, 'pets', 'train-images-idx3-ubyte')
    const bytes = readFileSync(path)
    bytes[100] = (bytes[100] ?? 0) ^ 1
    writeFileSync(path, bytes)
    await expect(loadDataset('pets', datasets.folderOf('pets'))).rejects.toThrow('changed or damaged')
    await datasets.remove('pets')
    await expect(datasets.infoOf('pets')).rejects.toThrow('There is no data set pets')
    await expect(datasets.remove('mnist')).rejects.toThrow('comes with the application')
  })
})

it('swaps rows and columns, black and white', () => {
  const images = Uint8Array.from([1, 2, 3, 4, 5, 6])
  expect(Array.from(changedImages(images, 2, 3, { transpose: true, invert: false }))).toEqual([1, 4, 2, 5, 3, 6])
  expect(Array.from(changedImages(images, 2, 3, { transpose: false, invert: true }))[0]).toBe(254)
})

describe('Fashion-MNIST', () => {
  it('is taken from Debian’s package, its digests checked', async ({ skip }) => {
    const place = await fashionFolder()
    skip(place === null, 'needs Debian’s package dataset-fashion-mnist')
    const added = await datasets.add({ wellKnown: 'fashion-mnist', from: null }, quietly)
    expect(added).toMatchObject({ trainCount: 60_000, testCount: 10_000, rows: 28, columns: 28 })
    expect(added.classes?.[9]).toBe('Ankle boot')
    expect(added.sha256).toBe('14410854cf7a289477dcfc7df3f8ec24741e281cdcc425ede0d9a748ca630214') // cat of zcat of the four
    const copy = join(folder, 'changed')
    cpSync(place ?? '', copy, { recursive: true })
    execFileSync('gunzip', [join(copy, 't10k-labels-idx1-ubyte.gz')])
    const labels = readFileSync(join(copy, 't10k-labels-idx1-ubyte'))
    labels[20] = ((labels[20] ?? 0) + 1) % 10
    writeFileSync(join(copy, 't10k-labels-idx1-ubyte'), labels)
    await datasets.remove('fashion-mnist')
    await expect(datasets.add({ wellKnown: 'fashion-mnist', from: copy }, quietly)).rejects.toThrow(
      'that of Fashion-MNIST'
    )
  })
})

describe('Fashion-MNIST from its publisher', () => {
  /** Stands in for the publisher: answers with the files of a folder, and a last one that `change` has changed. */
  async function publisher(place: string, change = (bytes: Buffer) => bytes) {
    const server = createServer(({ url = '' }, answer) => {
      const bytes = readFileSync(join(place, basename(url)))
      answer.end(url.includes('t10k-labels') ? change(bytes) : bytes)
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }
  const cache = join(folder, 'downloads')
  const fetched = (address: string) => withDownload(cache, quietly, (from) => readFashion(from, quietly), address)

  it('counts where its unpacked content has the known digests, and leaves nothing behind', async ({ skip }) => {
    const place = await fashionFolder()
    if (place === null) return skip('needs Debian’s package dataset-fashion-mnist')
    const { train, test } = await fetched(await publisher(place))
    expect([train.labels.length, test?.labels.length]).toEqual([60_000, 10_000])
    const changed = await publisher(place, (bytes) => gzipSync(gunzipSync(bytes).fill(3, 20, 21)))
    await expect(fetched(changed)).rejects.toThrow('that of Fashion-MNIST')
    expect(readdirSync(cache)).toEqual([])
  })

  it('that can’t be reached is said so', async () => {
    const server = createServer((_, answer) => answer.writeHead(404).end())
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await expect(fetched(address)).rejects.toThrow(/can’t be fetched: found status 404/)
    expect(readdirSync(cache)).toEqual([])
  })
})
