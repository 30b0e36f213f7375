// A Chart.js chart straight onto a page: vector lines and selectable text, by the same configuration as on screen.
import { BasicPlatform, Chart, type ChartConfiguration, type ChartItem, type Point } from 'chart.js'
import { chartParts } from '@shared/charts/parts'
import type { Box, Paper } from './paper'

const STEPS_A_POINT = 8 // Chart.js puts grid lines on whole device pixels: make these fine

/** Draws the chart into the box; nothing of it leaves the box. */
export function drawChart(paper: Paper, box: Box, configuration: ChartConfiguration<'line', Point[]>): void {
  Chart.register(...chartParts)
  paper.save()
  paper.beginPath()
  paper.rect(box.left, box.top, box.width, box.height)
  paper.clip()
  paper.translate(box.left, box.top)
  const still = {
    ...configuration.options,
    responsive: false,
    animation: false as const,
    devicePixelRatio: STEPS_A_POINT
  }
  new Chart(canvasOf(paper, box), { ...configuration, options: still, platform: BasicPlatform }).destroy()
  paper.restore()
}

/**
 * What Chart.js takes for a canvas: the page's context, except that it may neither reset the transform that puts the
 * chart into its place nor wipe the page.
 */
function canvasOf(paper: Paper, { width, height }: Box): ChartItem {
  const canvas = { width: Math.floor(width), height: Math.floor(height), style: {}, getContext: () => context }
  const withheld = new Set<PropertyKey>(['setTransform', 'resetTransform', 'clearRect'])
  const context: Paper = new Proxy(paper, {
    get(target, name) {
      if (name === 'canvas') return canvas
      if (withheld.has(name)) return () => undefined
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
    set: (target, name, value) => Reflect.set(target, name, value, target)
  })
  return canvas as unknown as ChartItem // no DOM here: only what is used of one
}
