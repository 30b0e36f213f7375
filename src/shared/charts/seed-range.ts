// A Chart.js plugin: at each point of a mean over seeds a line from the least seed to the greatest.
import type { Plugin } from 'chart.js'
import type { ChartTheme } from './theme'

export interface SeedRange {
  x: number
  low: number
  high: number
  colour: string
}

export function seedRanges(ranges: readonly SeedRange[], theme: ChartTheme): Plugin<'line'> {
  return {
    id: 'seedRanges',
    beforeDatasetsDraw: ({ ctx, scales: { x, y } }) => {
      if (!x || !y) return
      const foot = theme.strokes.validation
      ctx.save()
      ctx.lineWidth = theme.strokes.bound
      for (const { x: at, low, high, colour } of ranges) {
        const [across, bottom, top] = [x.getPixelForValue(at), y.getPixelForValue(low), y.getPixelForValue(high)]
        ctx.strokeStyle = colour
        ctx.beginPath()
        ctx.moveTo(across, bottom)
        ctx.lineTo(across, top)
        for (const end of [bottom, top]) {
          ctx.moveTo(across - foot, end)
          ctx.lineTo(across + foot, end)
        }
        ctx.stroke()
      }
      ctx.restore()
    }
  }
}
