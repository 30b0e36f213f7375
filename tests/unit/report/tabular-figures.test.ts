import { readFileSync } from 'node:fs'
import { createCanvas, GlobalFonts } from '@napi-rs/canvas'
import { expect, it } from 'vitest'
import { withTabularFigures } from '../../../src/main/report/tabular-figures'

const inter = readFileSync('resources/fonts/Inter-Regular.ttf')

it('makes all figures equally wide and leaves letters as they are', () => {
  GlobalFonts.register(inter, 'As it comes')
  GlobalFonts.register(withTabularFigures(inter), 'Tabular')
  const context = createCanvas(1, 1).getContext('2d')
  const widths = (family: string, text: string) => {
    context.font = `100px "${family}"`
    return [...text].map((character) => context.measureText(character).width)
  }
  expect(new Set(widths('As it comes', '0123456789')).size).toBeGreaterThan(1)
  expect(new Set(widths('Tabular', '0123456789')).size).toBe(1)
  expect(widths('Tabular', 'Hxyzσ×–.,')).toEqual(widths('As it comes', 'Hxyzσ×–.,'))
})

it('refuses what is no such font', () => {
  expect(() => withTabularFigures(Buffer.alloc(64))).toThrow('the font has no table')
})
