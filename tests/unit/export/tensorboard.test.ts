import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { crc32, crc32c } from '../../../src/shared/crc32'
import { bytes, double, float, integer, message, text, type Field } from '../../../src/main/export/protobuf'
import { probesPng } from '../../../src/main/export/probes-png'
import type { RunImages } from '../../../src/main/export/run-images'
import { shownEpochs, tensorboardFiles } from '../../../src/main/export/tensorboard'
import { tfRecords } from '../../../src/main/export/tfrecord'
import { fixtureDigits, fixtureProbes, fixtureRun } from '../../fixtures/run-file'

const ascii = (text: string) => Buffer.from(text)

test('checksums are those of the standards', () => {
  expect(crc32(ascii('123456789'))).toBe(0xcbf43926) // the check value of CRC-32 in every catalogue
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa) // RFC 3720, appendix B.4
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e)
})

test('fields are those of the encoding’s documentation', () => {
  const hex = (field: Field) => Buffer.concat(field).toString('hex')
  expect(hex(integer(1, 150))).toBe('089601')
  expect(hex(text(2, 'testing'))).toBe('120774657374696e67')
  expect(hex(bytes(2, ascii('testing')))).toBe('120774657374696e67')
  expect(hex(message(3, integer(1, 150)))).toBe('1a03089601')
  expect(hex(integer(1, 2 ** 40))).toBe('08808080808020')
  expect(hex(float(2, 1))).toBe('150000803f')
  expect(hex(double(1, 1))).toBe('09000000000000f03f')
})

test('a record is framed by its length and two masked checksums', () => {
  const version = Buffer.concat(text(3, 'brain.Event:2'))
  const records = tfRecords([version, version])
  expect(records.length).toBe(2 * (8 + 4 + version.length + 4))
  expect(records.readBigUInt64LE(0)).toBe(BigInt(version.length))
  expect(records.subarray(12, 12 + version.length).equals(version)).toBe(true)
  const unmasked = (records.readUInt32LE(8) - 0xa282ead8) >>> 0
  expect(((unmasked >>> 17) | (unmasked << 15)) >>> 0).toBe(crc32c(records.subarray(0, 8)))
})

const noImages = { originals: async () => null, reconstructions: async () => null }
const probes = fixtureProbes().pixels
const digits = fixtureDigits(2)
const images: RunImages = { originals: async () => probes, reconstructions: async () => digits }
const count = (content: Uint8Array | undefined, part: string) =>
  Buffer.from(content ?? [])
    .toString('latin1')
    .split(part).length - 1

test('one file a model, of the same bytes twice', async () => {
  const run = fixtureRun({ latentDims: [2, 16], epochs: 3 })
  const files = await tensorboardFiles(run, images)
  expect(files.map(({ name }) => name)).toEqual([
    'd=2/events.out.tfevents.1699965000.bottleneck-lab',
    'd=16/events.out.tfevents.1699965000.bottleneck-lab'
  ])
  expect(await tensorboardFiles(run, images)).toEqual(files)
  expect(files[0]?.content).not.toEqual(files[1]?.content)
})

test('a picture of each epoch whose digits are kept, of at most fifty', async () => {
  const pictures = async (epochs: number, from: RunImages) =>
    (await tensorboardFiles(fixtureRun({ latentDims: [2, 16], epochs }), from)).map(({ content }) =>
      count(content, 'IHDR')
    )
  expect(await pictures(3, images)).toEqual([3, 3])
  expect(await pictures(120, images)).toEqual([50, 50])
  expect(await pictures(3, noImages)).toEqual([0, 0])
  const lacksLast = { ...images, reconstructions: async (epoch: number) => (epoch < 3 ? digits : null) }
  expect(await pictures(3, lacksLast)).toEqual([2, 2])
  expect(shownEpochs(3)).toEqual([1, 2, 3])
  expect([shownEpochs(500)[0], shownEpochs(500)[49], new Set(shownEpochs(51)).size]).toEqual([1, 500, 50])
})

test('the last metrics stand at the last epoch alone, those that are measured', async () => {
  const [file] = await tensorboardFiles(fixtureRun({ latentDims: [2], epochs: 3 }), noImages)
  expect([count(file?.content, 'last/ssim'), count(file?.content, 'mse/validation')]).toEqual([1, 3])
  const [running] = await tensorboardFiles(
    fixtureRun({ latentDims: [2], epochs: 3, epochsDone: 1, status: 'running' }),
    noImages
  )
  expect([count(running?.content, 'last/mse'), count(running?.content, 'last/ssim')]).toEqual([1, 0])
})

test('a picture has reconstructions below their originals, pixel by pixel', () => {
  const [rows, columns] = [3, 2]
  const images = (start: number) => Uint8Array.from({ length: 20 * rows * columns }, (_, i) => start + i)
  const [originals, reconstructions] = [images(0), images(120)]
  const { width, height, content } = probesPng({ rows, columns }, originals, reconstructions)
  expect([width, height]).toEqual([20, 12])
  const { data } = decode(content)
  const pixel = (kind: number, probe: number, row: number, column: number) =>
    data[((Math.floor(probe / 10) * 2 + kind) * rows + row) * width + (probe % 10) * columns + column]
  for (const [probe, row, column] of [
    [0, 0, 0],
    [9, 2, 1],
    [10, 0, 0],
    [19, 2, 1]
  ] as const) {
    // prettier-ignore
    const at = (probe * rows + row) * columns + column
    expect([pixel(0, probe, row, column), pixel(1, probe, row, column)]).toEqual([originals[at], reconstructions[at]])
  }
  expect(probesPng({ rows, columns }, null, reconstructions)).toMatchObject({ width: 20, height: 6 })
})
