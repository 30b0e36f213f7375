import { createCanvas, loadImage } from '@napi-rs/canvas'
import { expect, it } from 'vitest'
import { isPngOfUsualSize, pngSize, withResolution } from '../../../src/shared/png'

const png = new Uint8Array(createCanvas(30, 20).toBuffer('image/png'))

it('writes the resolution as a chunk of its own, and readers still read the picture', async () => {
  const resolved = withResolution(png, 300)
  const at = Buffer.from(resolved).indexOf('pHYs')
  const chunk = Buffer.from(resolved).subarray(at, at + 13)
  expect([chunk.readUInt32BE(4), chunk.readUInt32BE(8), chunk[12]]).toEqual([11811, 11811, 1])
  // checksum by an independent tool: python -c "import zlib; print(zlib.crc32(b'pHYs' + bytes.fromhex('00002e2300002e2301')))"
  expect(Buffer.from(resolved).readUInt32BE(at + 13)).toBe(0x78a53f76)
  expect(pngSize(resolved)).toEqual({ width: 30, height: 20 })
  const image = await loadImage(Buffer.from(resolved))
  expect([image.width, image.height]).toEqual([30, 20])
})

it('refuses what is no PNG, and sizes that no figure has', () => {
  expect(() => withResolution(Uint8Array.of(1, 2, 3), 300)).toThrow(RangeError)
  expect(isPngOfUsualSize(png)).toBe(true)
  expect(isPngOfUsualSize(png.subarray(0, 20))).toBe(false)
  const huge = png.slice()
  new DataView(huge.buffer).setUint32(16, 20_000)
  expect(isPngOfUsualSize(huge)).toBe(false)
})
