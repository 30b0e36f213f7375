import { expect, test } from 'vitest'
import { crc32, crc32c } from '../../../src/main/export/crc32'
import { bytesField, doubleField, floatField, messageField, wholeField } from '../../../src/main/export/protobuf'
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
  expect(wholeField(1, 150).toString('hex')).toBe('089601')
  expect(bytesField(2, 'testing').toString('hex')).toBe('120774657374696e67')
  expect(messageField(3, wholeField(1, 150)).toString('hex')).toBe('1a03089601')
  expect(wholeField(1, 2 ** 40).toString('hex')).toBe('08808080808020')
  expect(floatField(2, 1).toString('hex')).toBe('150000803f')
  expect(doubleField(1, 1).toString('hex')).toBe('09000000000000f03f')
})

test('a record is framed by its length and two masked checksums', () => {
  const version = bytesField(3, 'brain.Event:2')
  const bytes = tfRecords([version, version])
  expect(bytes.length).toBe(2 * (8 + 4 + version.length + 4))
  expect(bytes.readBigUInt64LE(0)).toBe(BigInt(version.length))
  expect(bytes.subarray(12, 12 + version.length).equals(version)).toBe(true)
  const unmasked = (bytes.readUInt32LE(8) - 0xa282ead8) >>> 0
  expect(((unmasked >>> 17) | (unmasked << 15)) >>> 0).toBe(crc32c(bytes.subarray(0, 8)))
})

test('one file a model, of the same bytes twice; pictures only where digits are given', () => {
  const run = fixtureRun({ latentDims: [2, 16], epochs: 3 })
  const files = tensorboardFiles(run)
  expect(files.map(({ path }) => path)).toEqual([
    'd=2/events.out.tfevents.1699965000.bottleneck-lab',
    'd=16/events.out.tfevents.1699965000.bottleneck-lab'
  ])
  expect(tensorboardFiles(run)).toEqual(files)
  const withDigits = tensorboardFiles(run, fixtureDigits(2))
  const has = (bytes: Uint8Array | undefined, text: string) => Buffer.from(bytes ?? []).includes(text)
  expect(withDigits.map(({ content }) => has(content, 'PNG'))).toEqual([true, true])
  expect(files.map(({ content }) => has(content, 'PNG'))).toEqual([false, false])
  expect(withDigits[0]?.content).not.toEqual(withDigits[1]?.content)
})
