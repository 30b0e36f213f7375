import { expect, test } from 'vitest'
import { crc32, crc32c } from '../../../src/shared/crc32'
import { bytes, double, float, integer, message, text, type Field } from '../../../src/main/export/protobuf'
import { tensorboardFiles } from '../../../src/main/export/tensorboard'
import { tfRecords } from '../../../src/main/export/tfrecord'
import { fixtureDigits, fixtureRun } from '../../fixtures/run-file'

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

test('one file a model, of the same bytes twice; pictures only where digits are given', () => {
  const run = fixtureRun({ latentDims: [2, 16], epochs: 3 })
  const files = tensorboardFiles(run)
  expect(files.map(({ name }) => name)).toEqual([
    'd=2/events.out.tfevents.1699965000.bottleneck-lab',
    'd=16/events.out.tfevents.1699965000.bottleneck-lab'
  ])
  expect(tensorboardFiles(run)).toEqual(files)
  const withDigits = tensorboardFiles(run, fixtureDigits(2))
  const has = (content: Uint8Array | undefined, part: string) => Buffer.from(content ?? []).includes(part)
  expect(withDigits.map(({ content }) => has(content, 'PNG'))).toEqual([true, true])
  expect(files.map(({ content }) => has(content, 'PNG'))).toEqual([false, false])
  expect(withDigits[0]?.content).not.toEqual(withDigits[1]?.content)
})
