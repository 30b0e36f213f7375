import { createCanvas, loadImage } from '@napi-rs/canvas'
import { expect, it, vi } from 'vitest'
import { chartSvg } from '../../../../src/shared/charts/chart-svg'
import { lossChart, type LossChartOptions } from '../../../../src/shared/charts/loss'
import { seriesColours, lightTheme } from '../../../../src/shared/charts/theme'

// as in a browser, where Chart.js draws lines by it unless told otherwise; it looks once, when it is loaded
vi.hoisted(() => vi.stubGlobal('Path2D', class {}))

const options: LossChartOptions = {
  series: [
    { label: 'd = 2', short: '2', rank: 0, train: [0.3, 0.26, 0.24], val: [0.28, 0.25, 0.23], band: null },
    { label: 'd = 8', short: '8', rank: 1, train: [0.2, 0.15, 0.12], val: [0.18, 0.14, 0.11], band: null }
  ],
  seriesCount: 2,
  bounds: { perfectCopy: 0.058, meanDigit: 0.2625 },
  highest: 0.23,
  epochs: 3,
  scale: 'linear',
  theme: lightTheme,
  overlaid: true,
  cursor: null,
  endLabels: true,
  boundLabels: true,
  showXAxis: true
}
const ruler = createCanvas(1, 1).getContext('2d')
const measure = (text: string, font: string) => {
  ruler.font = font
  return ruler.measureText(text).width
}

const svgOf = (title: string) =>
  chartSvg(lossChart(options), { width: 720, height: 440, margin: 16, surface: lightTheme.surface, title, measure })

it('writes lines as paths and names as text', () => {
  const svg = svgOf('Loss of <two> & more')
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((match) => match[1])
  for (const text of ['0.2300', '0.1100', 'mean digit', 'perfect copy', '0.2625', '1', '2', '3'])
    expect(texts).toContain(text)
  for (const colour of seriesColours(lightTheme, 2)) {
    const lines = [...svg.matchAll(new RegExp(`<path d="M([^"]*)" fill="none" stroke="${colour}"[^>]*>`, 'g'))]
    const throughAllEpochs = lines.filter(([, path]) => new Set(path?.split('L')).size === 3).map(([whole]) => whole)
    expect(throughAllEpochs.filter((line) => line.includes('dasharray'))).toHaveLength(1)
    expect(throughAllEpochs).toHaveLength(2)
  }
  expect(svg).toContain('<title>Loss of &lt;two&gt; &amp; more</title>')
  expect(svg).not.toMatch(/NaN|undefined/)
})

it('is a picture that a viewer can draw, with each model in its colour', async () => {
  const image = await loadImage(Buffer.from(svgOf('Loss')))
  expect([image.width, image.height]).toEqual([960, 587]) // pixels, of points
  const canvas = createCanvas(720, 440)
  canvas.getContext('2d').drawImage(image, 0, 0)
  const { data } = canvas.getContext('2d').getImageData(0, 0, 720, 440)
  const found = new Set<string>()
  for (let at = 0; at < data.length; at += 4) {
    found.add(`#${[0, 1, 2].map((channel) => (data[at + channel] ?? 0).toString(16).padStart(2, '0')).join('')}`)
  }
  for (const colour of [...seriesColours(lightTheme, 2), lightTheme.surface]) expect(found).toContain(colour)
})
