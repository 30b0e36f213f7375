// Figures that stand alone: title, axes and legend inside, nothing beyond the edge, whatever the names are.
import { createCanvas, GlobalFonts, loadImage } from '@napi-rs/canvas'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { curvesCsv, curvesFigure } from '../../../../src/shared/charts/curves-figure'
import { factorFigure, factorFigureCsv } from '../../../../src/shared/charts/factor-figure'
import { figureSvg, type ChartFigure, type FigureSize } from '../../../../src/shared/charts/figure-svg'
import { lossFigureCsv } from '../../../../src/shared/charts/loss-figure'
import { pointsCsv, pointsFigure, type PlanePoints } from '../../../../src/shared/charts/points-figure'
import { runFigures } from '../../../../src/shared/charts/run-figures'
import { seriesColours, lightTheme } from '../../../../src/shared/charts/theme'
import { fixtureRun } from '../../../fixtures/run-file'

// as in a browser, where Chart.js draws lines by it unless told otherwise; it looks once, when it is loaded
vi.hoisted(() => vi.stubGlobal('Path2D', class {}))

for (const weight of ['Regular', 'SemiBold'])
  GlobalFonts.registerFromPath(join(__dirname, `../../../../resources/fonts/Inter-${weight}.ttf`), 'Inter')
const ruler = createCanvas(1, 1).getContext('2d')
const measure = (text: string, font: string) => {
  ruler.font = font
  return ruler.measureText(text).width
}

const column = { width: 240.94, height: null, textSize: 7 }
const columns = { width: 504.57, height: null, textSize: 7 }
const slide = { width: 960, height: 540, textSize: 16 }
const threeSeeds = fixtureRun({ experiment: { seeds: [1, 2, 3] } })
const curves: ChartFigure = curvesFigure(
  (theme) => ({
    curves: [
      { label: 'd = 2', colour: '#740a58', points: [{ x: 1, y: 2, low: 1, high: 3 }, { x: 100, y: 5, low: 4, high: 6 }] }, // prettier-ignore
      {
        label: 'pixels, 784',
        colour: theme.bound,
        dash: [3, 2],
        points: [
          { x: 1, y: 9 },
          { x: 100, y: 12 }
        ]
      }
    ],
    x: { title: 'nearest neighbours k', log: true },
    y: { title: 'dimension', log: false, min: 0 }
  }),
  'Intrinsic dimension',
  'min–max of 3 seeds'
)
const plane: PlanePoints = {
  points: Float32Array.of(-1, -1, 0, 0.5, 1, 1, 9, 9),
  labels: Uint8Array.of(0, 1, 1, 0),
  shown: [0, 1, 2],
  classes: [
    { name: '0', colour: '#1f6fb4' },
    { name: 'Ankle boot', colour: '#b8500a' }
  ],
  axes: ['unit 1', 'unit 2'],
  from: { x: -1.2, y: -1.2 },
  to: { x: 1.2, y: 1.2 }
}
const figureOf = (name: string, run = threeSeeds) =>
  runFigures(run).find((one) => one.name === name)?.figure as ChartFigure

interface Text {
  text: string
  left: number
  right: number
  y: number
}

/** Texts that are not turned, and where they lie; the chart's own are moved by the transform of its place. */
function textsOf(svg: string): Text[] {
  return [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].flatMap(([, attributes = '', escaped = '']) => {
    const attribute = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? ''
    if (attribute('transform').includes('rotate')) return []
    const text = escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&') // prettier-ignore
    const moves = [...attribute('transform').matchAll(/translate\(([-\d.]+) ([-\d.]+)\)/g)]
    const [dx, dy] = [1, 2].map((axis) => moves.reduce((sum, move) => sum + Number(move[axis]), 0)) as [number, number]
    const width = measure(text, attribute('style').slice('font:'.length))
    const x = Number(attribute('x')) + dx - { start: 0, middle: width / 2, end: width }[attribute('text-anchor') as 'start' | 'middle' | 'end'] // prettier-ignore
    return [{ text, left: x, right: x + width, y: Number(attribute('y')) + dy }]
  })
}

const heightOf = (svg: string) => Number(/ height="([\d.]+)pt"/.exec(svg)?.[1])
const written = (svg: string) => [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text = '']) => text)

describe.each([
  ['one column', column],
  ['two columns', columns],
  ['a slide', slide]
] as [string, FigureSize][])('in %s', (_, size) => {
  it.each([
    ['losses', figureOf('losses'), ['BCE', 'epoch', 'd = 2', 'd = 128', 'validation', 'training', 'min–max of 3 seeds', 'mean digit', 'perfect copy']], // prettier-ignore
    ['the loss of one', figureOf('loss-3'), ['BCE', 'epoch', 'd = 16', 'validation']],
    ['quality', figureOf('quality-mse'), ['MSE', 'latent dimension d', 'mean of 3 seeds', 'least to greatest', 'PCA']],
    ['curves', curves, ['dimension', 'nearest neighbours k', 'd = 2', 'pixels, 784', 'min–max of 3 seeds']],
    ['points', pointsFigure(plane, 'Codes of d = 2'), ['unit 1', 'unit 2', '0', 'Ankle boot']]
  ])('%s have axes, legend and title inside, and no text beyond the edge', async (_name, figure, expected) => {
    const svg = figureSvg(figure, size, measure)
    expect(svg).not.toMatch(/NaN|undefined/)
    for (const text of expected) expect(written(svg)).toContain(text)
    expect(written(svg).join(' ')).toContain(figure.title.split(' · ')[0])
    for (const { text, left, right, y } of textsOf(svg)) {
      expect(left, text).toBeGreaterThanOrEqual(0)
      expect(right, text).toBeLessThanOrEqual(size.width)
      expect(y, text).toBeLessThanOrEqual(heightOf(svg))
    }
    const image = await loadImage(Buffer.from(svg))
    expect(Math.abs(image.width - (96 / 72) * size.width)).toBeLessThan(1) // points, drawn in pixels
  })
})

it('cuts names that are too long, and keeps markup, emoji, CJK and right-to-left text as text', () => {
  const name = '<b>&"\u0000 😀 模型 שלום '.repeat(20)
  const run = { ...threeSeeds, experiment: { ...threeSeeds.experiment, name } }
  const svg = figureSvg(figureOf('losses', run), column, measure)
  expect(svg).toContain('&lt;b&gt;&amp;&quot;\ufffd 😀 模型 שלום')
  expect(svg).not.toMatch(/<b>|\0/)
  expect(svg).toMatch(/…<\/text>/)
  for (const { text, right } of textsOf(svg)) expect(right, text).toBeLessThanOrEqual(column.width + 0.5)
})

it('names a few of very many series, and writes no losses at their ends', () => {
  const many = fixtureRun({ latentDims: Array.from({ length: 64 }, (_, index) => index + 1), epochs: 3 })
  const texts = written(figureSvg(figureOf('losses', many), columns, measure))
  expect(texts).toContain('d = 1')
  expect(texts).toContain('d = 64')
  expect(texts).toContain('56 more between them')
  expect(texts.filter((text) => /^d = /.test(text))).toHaveLength(8)
})

it('draws series in the colours that the window has in light', () => {
  const svg = figureSvg(figureOf('losses'), columns, measure)
  for (const colour of seriesColours(lightTheme, 6)) expect(svg).toContain(`stroke="${colour}"`)
})

const options = {
  series: [{ label: '=d', short: '2', rank: 0, train: [0.3, 0.2], val: [0.25, null], band: { low: [0.2, null], high: [0.3, null] } }], // prettier-ignore
  seriesCount: 1,
  bounds: { perfectCopy: 0.05, meanDigit: 0.26 },
  highest: 0.3,
  epochs: 2,
  scale: 'linear',
  lossName: 'BCE'
} as const

describe('the table of what is drawn', () => {
  it('has one row an epoch, units in the head, and no formula', () => {
    expect(lossFigureCsv(options)).toBe(
      "epoch,'=d training (BCE),'=d validation (BCE),'=d band from (BCE),'=d band to (BCE),mean digit (BCE),perfect copy (BCE)\r\n" +
        '1,0.3,0.25,0.2,0.3,0.26,0.05\r\n2,0.2,,,,0.26,0.05\r\n'
    )
  })

  it('has smoothed lines beside measured ones, steps where those lie across, and the epochs on show', () => {
    const series = [{ ...options.series[0], train: null, band: null, stepsPerEpoch: 10, val: [0.4, 0.2, 0.1] }]
    const xAxis = { unit: 'step', scale: 'linear', first: 1, zoom: { from: 2, to: 3 } } as const
    const lines = lossFigureCsv({ ...options, series, smoothing: 0.5, xAxis }).split('\r\n')
    expect(lines[0]).toContain("'=d optimizer steps,'=d validation (BCE),\"'=d validation, smoothed (BCE)\"")
    expect(lines.slice(1, -1).map((line) => line.split(',').slice(0, 3))).toEqual([
      ['2', '20', '0.2'],
      ['3', '30', '0.1']
    ])
    expect(Number(lines[1]?.split(',')[3])).toBeCloseTo((0.5 * 0.4 * 0.5 + 0.5 * 0.2) / 0.75, 12)
  })

  it('of quality has the seeds’ ends and PCA', () => {
    const [head, first] = factorFigureCsv({ metric: 'mse', run: threeSeeds }).split('\r\n')
    expect(head).toBe('latent dimension d,MSE,"MSE, least","MSE, greatest",PCA (MSE)')
    expect(first?.split(',')).toHaveLength(5)
    expect(first).toMatch(/^2,0\.\d+,/)
    expect(factorFigure({ metric: 'mse', run: threeSeeds }, 'MSE').title).toBe('MSE')
  })

  it('of curves and points has a row for each that is drawn', () => {
    const drawn = { curves: [{ label: 'a', colour: '', points: [{ x: 1, y: 2, low: 1, high: null }] }], x: { title: 'k', log: true }, y: { title: 'n', log: false } } // prettier-ignore
    expect(curvesCsv(drawn)).toBe('curve,k,n,band from,band to\r\na,1,2,1,\r\n')
    expect(pointsCsv(plane)).toBe(
      'test image,class,unit 1,unit 2\r\n1,0,-1,-1\r\n2,Ankle boot,0,0.5\r\n3,Ankle boot,1,1\r\n'
    )
  })
})

it('refuses a height that title and legend take up, and draws inside one that has room', () => {
  const low = { width: 240.94, height: 56.7, textSize: 36 } // 20 mm
  expect(() => figureSvg(figureOf('losses'), low, measure)).toThrow('The figure is too low for its text of 36 pt.')
  expect(heightOf(figureSvg(figureOf('losses'), { ...column, height: 120 }, measure))).toBe(120)
  expect(() => figureSvg(figureOf('losses'), { ...low, height: null }, measure)).not.toThrow()
})
