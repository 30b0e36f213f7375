// MNIST under the names that other programs and pages give its files.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { datasetNamed } from '../../../src/main/data/dataset'
import { findDataFile } from '../../../src/main/data/find-file'
import { mnistFiles, mnistFolder } from '../../../src/main/data/mnist'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'names-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function put(path: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), '')
  return join(folder, path)
}

const name = 'train-images-idx3-ubyte'

it.each([
  name,
  'train-images.idx3-ubyte',
  'TRAIN-IMAGES-IDX3-UBYTE',
  'Train-Images.IDX3-UBYTE',
  `raw/${name}`,
  `MNIST/raw/${name}`,
  `mnist/train-images.idx3-ubyte`
])('%s is taken', async (path) => {
  const lies = put(path)
  put('t10k-images-idx3-ubyte')
  expect(await findDataFile(folder, name)).toEqual({ path: lies, compressed: null })
})

it('the own name goes before others, and a file as it is before a compressed one', async () => {
  put('TRAIN-IMAGES-IDX3-UBYTE')
  put(`${name}.gz`)
  const lies = put(name)
  expect(await findDataFile(folder, name)).toEqual({ path: lies, compressed: null })
})

it('a folder of its name hides no file, and is looked into', async () => {
  mkdirSync(join(folder, name))
  mkdirSync(join(folder, `${name}.gz`))
  expect(await findDataFile(folder, name)).toEqual({ path: null, compressed: null })
  const inside = put(`${name}/train-images.idx3-ubyte`)
  expect(await findDataFile(folder, name)).toEqual({ path: inside, compressed: null })
  const beside = put('train-images.idx3-ubyte')
  expect(await findDataFile(folder, name)).toEqual({ path: beside, compressed: null })
})

it('it is found among very many others', { timeout: 60_000 }, async () => {
  for (let other = 0; other < 10_001; other++) put(`${String(other).padStart(5, '0')}.png`)
  const lies = put('TRAIN-IMAGES-IDX3-UBYTE')
  expect(await findDataFile(folder, name)).toEqual({ path: lies, compressed: null })
})

it.each([`${name}.gz`, 'train-images.idx3-ubyte.GZ', `MNIST/raw/${name}.gz`])(
  '%s is said to be compressed',
  async (path) => {
    const lies = put(path)
    expect(await findDataFile(folder, name)).toEqual({ path: null, compressed: lies })
  }
)

it('nothing is found in an empty folder, none, or a file', async () => {
  for (const place of [folder, join(folder, 'none'), put('file')]) {
    expect(await findDataFile(place, name)).toEqual({ path: null, compressed: null })
  }
})

const { load, loadTestSet } = datasetNamed('mnist')

it('all four are read under other names in a nested folder', { timeout: 60_000 }, async () => {
  for (const file of Object.values(mnistFiles)) {
    cpSync(
      join(mnistFolder({}), file.name),
      join(folder, 'MNIST', 'raw', file.name.replace('-idx', '.idx').toUpperCase())
    )
  }
  expect((await load(folder)).train.count).toBe(60_000)
  expect((await loadTestSet(folder)).test.count).toBe(10_000)
})

it('a compressed one is named, with what to do', async () => {
  const lies = put(`${name}.gz`)
  for (const file of Object.values(mnistFiles))
    if (file.name !== name) cpSync(join(mnistFolder({}), file.name), join(folder, file.name))
  const message = `The data file ${lies} is compressed: expected ${name} itself. Decompress it, with gunzip ${name}.gz for example.`
  await expect(load(folder)).rejects.toThrow(message)
  await expect(loadTestSet(folder)).rejects.toThrow(message)
})
