// Whose fault it is when a figure can't be made a PDF.
import { expect, it, vi } from 'vitest'
import { drawFigure } from '../../../src/main/report/figure'
import * as typesetting from '../../../src/main/report/typeset'

vi.mock('../../../src/main/report/typeset', { spy: true })

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">'

it('is the picture’s where it is broken', async () => {
  await expect(drawFigure({ svg: `${svg}<g>`, title: 't' })).rejects.toMatchObject({ kind: 'bad-value' })
})

it('is not the picture’s where anything else fails, which is told as it is', async () => {
  vi.mocked(typesetting.typeset).mockImplementationOnce(() => {
    throw new Error('Typst: no font')
  })
  await expect(drawFigure({ svg: `${svg}</svg>`, title: 't' })).rejects.toThrow(/^Typst: no font$/)
})
