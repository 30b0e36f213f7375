// A model drawn to scale: pixels at both ends, the code in the middle, layers between them where it has some.
import type { LayerConfig } from '@shared/model'

/** The box of the drawing. */
export const WIDTH = 80
export const HEIGHT = 34
const BAR = 3 // width of the pixels at both ends
const CODE = 8
/** A code of 2 units out of 784 would not be seen: it is drawn at least so high. */
const LEAST = 1.2

export interface ModelDrawing {
  /** SVG paths of what lies between the pixels and the code, and of the pixels. */
  funnel: string
  ends: string
  code: { x: number; y: number; width: number; height: number }
}

/** Heights are shares of the widest layer, at most the box's. */
export function drawModel(layers: readonly LayerConfig[]): ModelDrawing {
  const pixels = layers[layers.length - 1]?.units ?? 0
  const half = layers.length / 2
  const encoder = [pixels, ...layers.slice(0, half).map(({ units }) => units)]
  const widest = Math.max(...encoder)
  const heights = encoder.map((units) => Math.max(LEAST, (HEIGHT * units) / widest))
  const codeLeft = (WIDTH - CODE) / 2
  const points = heights.map((height, index) => ({
    x: BAR + ((codeLeft - BAR) * index) / half,
    top: (HEIGHT - height) / 2
  }))
  const outline = (x: (left: number) => number) => {
    const top = points.map((point) => `${x(point.x)} ${point.top}`)
    const bottom = points.map((point) => `${x(point.x)} ${HEIGHT - point.top}`).reverse()
    return `M${[...top, ...bottom].join('L')}z`
  }
  const end = points[0]?.top ?? 0
  const bar = (x: number) => `M${x} ${end}h${BAR}V${HEIGHT - end}h${-BAR}z`
  const code = heights[half] ?? LEAST
  return {
    funnel: outline((left) => left) + outline((left) => WIDTH - left),
    ends: bar(0) + bar(WIDTH - BAR),
    code: { x: codeLeft, y: (HEIGHT - code) / 2, width: CODE, height: code }
  }
}
