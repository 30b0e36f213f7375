import { describe, expect, it } from 'vitest'
import { digitRgba } from '../../../../src/renderer/components/board/draw-digit'

describe('digitRgba', () => {
  it('is ink with the pixel’s value as alpha', () => {
    const pixels = new Uint8Array(784)
    pixels[1] = 200
    expect([...digitRgba(pixels, 0).slice(0, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 200])
    expect([...digitRgba(pixels, 255).slice(4, 8)]).toEqual([255, 255, 255, 200])
    expect(digitRgba(pixels, 0)).toHaveLength(4 * 784)
  })
})
