// Files for other tools, byte by byte where no other tool need say whether they are right; tests/interop has those that do.
import { unzipSync } from 'fflate'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { codesCsv, codesNpz } from '../../../src/main/export/codes'
import { modelParts } from '../../../src/main/export/exported-model'
import { exportFormats, modelStem, stemOf, type ExportFormat } from '../../../src/main/export/registry'
import { readNpyHeader } from '../../../src/main/data/readers/npy'
import { exportedModel, hostileName, hostileRun } from '../../fixtures/exported-model'
import { fixtureRun } from '../../fixtures/run-file'

const timeZone = process.env.TZ
afterEach(() => {
  vi.useRealTimers()
  if (timeZone === undefined) delete process.env.TZ
  else process.env.TZ = timeZone
})

const codes = { codes: Float32Array.of(0.1, -0, 1e-30, 16777216, 1 / 3, -2.5), units: 3, labels: Uint8Array.of(7, 255) }

async function filesOf(format: ExportFormat): Promise<Uint8Array[]> {
  if (format.of === 'run') return format.make(fixtureRun())
  return format.make(exportedModel(), 'stem', async () => codes)
}

describe.each(exportFormats.map((format) => [format.key, format] as const))('%s', (_, format) => {
  test('has the same bytes on another day in another time zone', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-01T10:00:00Z') })
    process.env.TZ = 'Pacific/Auckland'
    const first = await filesOf(format)
    vi.setSystemTime(new Date('2031-06-30T23:00:02Z'))
    process.env.TZ = 'America/Los_Angeles'
    const second = await filesOf(format)
    expect(first.map((bytes) => Buffer.from(bytes))).toEqual(second.map((bytes) => Buffer.from(bytes)))
  })

  test('makes as many files as it names, each name for itself, and a line that opens one of them', async () => {
    const names = format.names('stem', fixtureRun())
    expect(await filesOf(format)).toHaveLength(names.length)
    expect(new Set(names).size).toBe(names.length)
    expect(names.some((name) => format.loads('stem').includes(name))).toBe(true)
  })

  test('has names of files that every system takes, whatever a run calls itself', () => {
    const run = hostileRun()
    const stem = format.of === 'run' ? stemOf(run) : modelStem(run, 'd=16.seed=4294967295')
    for (const name of format.names(stem, run))
      expect(name).toMatch(/^cmd-import-os-x-script-CONx+[\w=.-]*\.[a-z0-9]+$/)
    for (const name of format.names(stem, run)) expect(name.length).toBeLessThan(140)
  })
})

test('no two formats write the same file', () => {
  const names = exportFormats.flatMap((format) => format.names('stem', fixtureRun()))
  expect(new Set(names).size).toBe(names.length)
})

test('an id without a letter or digit still names files', () => {
  expect(stemOf({ id: '../..' })).toBe('run')
})

test('codes as NumPy has them', () => {
  const arrays = unzipSync(codesNpz(codes, { name: hostileName }))
  expect(Object.keys(arrays)).toEqual(['codes.npy', 'labels.npy', 'metadata.npy'])
  const read = (bytes: Uint8Array) => {
    const header = readNpyHeader(bytes, 'test')
    if (!header) throw new Error('no header')
    const view = new DataView(bytes.buffer, bytes.byteOffset + header.length)
    const values = Array.from({ length: header.count }, (_, n) => header.read(view, n * header.bytesAValue))
    expect(header.length % 64).toBe(0)
    return { shape: header.shape, values }
  }
  expect(read(arrays['codes.npy'] as Uint8Array)).toEqual({ shape: [2, 3], values: [...codes.codes] })
  expect(read(arrays['labels.npy'] as Uint8Array)).toEqual({ shape: [2], values: [7, 255] })
  const text = Buffer.from(arrays['metadata.npy'] as Uint8Array)
  const points = new Uint32Array(new Uint8Array(text.subarray(128)).buffer)
  expect(text.subarray(0, 128).toString('latin1')).toContain(`'descr': '<U${points.length}'`)
  expect(JSON.parse(String.fromCodePoint(...points))).toEqual({ name: hostileName })
})

test('codes as a table give back each float32', () => {
  const [titles, ...rows] = Buffer.from(codesCsv(codes)).toString().trimEnd().split('\r\n')
  expect(titles).toBe('image,label,z0,z1,z2')
  expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual([['0', '7'], ['1', '255']]) // prettier-ignore
  const values = rows.flatMap((row) => row.split(',').slice(2).map(Number))
  expect(values.map(Math.fround).map((value) => value + 0)).toEqual([...codes.codes].map((value) => value + 0))
})

test('the metadata of a model go with it, word for word', async () => {
  const inBytes = async (key: string) => {
    const format = exportFormats.find((one) => one.key === key)
    return Buffer.concat(await filesOf(format as ExportFormat)).toString()
  }
  expect(await inBytes('onnx')).toContain(hostileName)
  for (const key of ['keras', 'tfjs', 'safetensors']) expect(await inBytes(key)).toContain(JSON.stringify(hostileName))
})

test('a model of one part is named after it', async () => {
  const keras = exportFormats.find(({ key }) => key === 'keras') as ExportFormat
  const configs = (await filesOf(keras)).map((bytes) => {
    const json = unzipSync(bytes)['config.json'] as Uint8Array
    return (JSON.parse(Buffer.from(json).toString()) as { config: { name: string; layers: object[] } }).config
  })
  expect(configs.map(({ name }) => name)).toEqual([...modelParts])
  expect(configs.map(({ layers }) => layers.length)).toEqual([3, 3, 5]) // the input counts
})
