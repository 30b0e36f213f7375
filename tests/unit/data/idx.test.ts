import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { LabError, type LabErrorData } from '@shared/errors'
import { randomStream } from '@shared/random'
import { readIdx, readIdxSizes } from '../../../src/main/data/idx'
import { idxBytes } from './idx-bytes'

const folder = mkdtempSync(join(tmpdir(), 'idx-'))
const path = join(folder, 'file-idx3-ubyte')
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.unstubAllGlobals())

const values = Uint8Array.from({ length: 5 * 4 * 3 }, (_, i) => (i * 7) % 256)
const valid = idxBytes([5, 4, 3], values)

async function refusal(bytes: Uint8Array, dimensions = 3): Promise<LabErrorData> {
  writeFileSync(path, bytes)
  return refusalOf(path, dimensions)
}

async function refusalOf(file: string, dimensions = 3): Promise<LabErrorData> {
  const thrown: unknown = await readIdx(file, dimensions).then(
    () => new Error('was read'),
    (error: unknown) => error
  )
  if (!(thrown instanceof LabError)) throw thrown
  expect(thrown.data.problem).toContain(file)
  return thrown.data
}

/** Counts the allocations that readIdx makes for values. */
function countAllocations(): () => number {
  const sizes: number[] = []
  const Original = SharedArrayBuffer
  vi.stubGlobal(
    'SharedArrayBuffer',
    class extends Original {
      constructor(size: number) {
        sizes.push(size)
        super(size)
      }
    }
  )
  return () => sizes.length
}

describe('a good file', () => {
  it('is read whole, with its sizes and its digest', async () => {
    writeFileSync(path, valid)
    const allocations = countAllocations()
    const file = await readIdx(path, 3)
    expect(allocations()).toBe(1)
    expect(file.sizes).toEqual([5, 4, 3])
    expect([...file.values]).toEqual([...values])
    expect(file.sha256).toBe(createHash('sha256').update(valid).digest('hex'))
    expect(await readIdxSizes(path, 3)).toEqual([5, 4, 3])
  })

  it('may be larger than one chunk', async () => {
    const random = randomStream(1, 'chunks')
    const many = Uint8Array.from({ length: 3 * 2 ** 20 + 17 }, () => Math.floor(random() * 256))
    const bytes = idxBytes([many.length], many)
    writeFileSync(path, bytes)
    const file = await readIdx(path, 1)
    expect(Buffer.compare(file.values, many)).toBe(0)
    expect(file.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  })
})

describe('a bad file', () => {
  it('is refused however it is truncated', async () => {
    const allocations = countAllocations()
    for (let length = 0; length < valid.length; length++) {
      expect((await refusal(valid.subarray(0, length))).kind).toBe('bad-file')
    }
    expect(allocations()).toBe(0)
  })

  it('is refused however much too long it is', async () => {
    for (const extra of [1, 2, 60, 100_000]) {
      const error = await refusal(Buffer.concat([valid, Buffer.alloc(extra)]))
      expect(error.kind).toBe('bad-file')
      expect(error.found).toBe(`${(valid.length + extra).toLocaleString('en-US')} bytes`)
      expect(error.expected).toContain(`${valid.length} bytes`)
    }
  })

  it('is refused with any bit of its header flipped', async () => {
    const allocations = countAllocations()
    for (let bit = 0; bit < 16 * 8; bit++) {
      const bytes = Buffer.from(valid)
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect((await refusal(bytes)).kind, `bit ${bit}`).toBe('bad-file')
    }
    expect(allocations()).toBe(0)
  })

  it('of random bytes, random sizes or spliced parts is refused or is what it says', async () => {
    const random = randomStream(2026, 'idx fuzz')
    const below = (limit: number) => Math.floor(random() * limit)
    for (let round = 0; round < 1000; round++) {
      const bytes = Buffer.from(round % 2 ? valid : Uint8Array.from({ length: below(200) }, () => below(256)))
      for (let change = below(4); change > 0 && bytes.length > 0; change--) bytes[below(bytes.length)] = below(256)
      writeFileSync(path, bytes)
      const read = await readIdx(path, 3).catch((error: unknown) => error)
      if (read instanceof LabError) expect(read.kind).toBe('bad-file')
      else if (read instanceof Error) throw read
      else expect(bytes.subarray(0, 16)).toEqual(valid.subarray(0, 16))
    }
  })

  it.each([
    [[0xffffffff, 0xffffffff, 0xffffffff]],
    [[0xffffffff, 1, 1]],
    [[32768, 32768, 1]],
    [[60000, 28, 28]],
    [[65536, 65536, 0]],
    [[0, 0, 0]]
  ])('with sizes %j is refused before anything is allocated', async (sizes) => {
    const allocations = countAllocations()
    const error = await refusal(idxBytes(sizes, values))
    expect(error.kind).toBe('bad-file')
    expect(error.found + error.expected).toMatch(/bytes|values/)
    expect(allocations()).toBe(0)
  })

  it('of another type or number of dimensions is refused by its first bytes', async () => {
    const floats = Buffer.from(valid)
    floats[2] = 0x0d
    expect(await refusal(floats)).toMatchObject({
      found: 'a file that begins with 00 00 0d 03',
      expected: '00 00 08 03 (IDX, unsigned bytes, 3 dimensions)'
    })
    expect(await refusal(valid, 1)).toMatchObject({ expected: '00 00 08 01 (IDX, unsigned bytes, 1 dimension)' })
  })

  it('that is still compressed is called so', async () => {
    expect((await refusal(Buffer.from('1f8b08000000000000030000000000000000', 'hex'))).found).toContain('gzip')
  })

  it('that is missing is not-found', async () => {
    const error = await refusalOf(join(folder, 'nothing-here'))
    expect(error.kind).toBe('not-found')
    expect(error.remedy).toContain('BOTTLENECK_LAB_DATA')
  })

  it('that is a folder or a named pipe is refused at once', async (context) => {
    expect((await refusalOf(folder)).kind).toBe('bad-file')
    if (process.platform === 'win32') return context.skip('Windows has no named pipes among files')
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(await refusalOf(pipe)).toMatchObject({ kind: 'bad-file', expected: 'a regular file' })
  })
})
