// Where the texts of a chart's SVG stand, by the widths that the typeface has.
import type { MeasureText } from '../../../src/shared/charts/svg-context'

interface ChartText {
  text: string
  left: number
  top: number
  right: number
  bottom: number
}

/** Edges from the upper left corner, in the units of the view box; a line of text reaches from its capitals to its baseline. */
export function chartTexts(svg: string, measure: MeasureText): { width: number; height: number; texts: ChartText[] } {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []
  const texts = [...svg.matchAll(/<text ([^>]*)>([^<]*)</g)].map(([, attributes = '', escaped = '']) =>
    placed(attributes, unescaped(escaped), measure)
  )
  return { width: Number(width), height: Number(height), texts }
}

function placed(attributes: string, text: string, measure: MeasureText): ChartText {
  const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? ''
  const [, weight = '', size = ''] = /font:(\w+) ([\d.]+)px/.exec(attributes) ?? []
  const width = measure(text, `${weight === 'normal' ? 400 : weight} ${size}px Inter`)
  const share = { start: 0, middle: 0.5, end: 1 }[attribute('text-anchor') || 'start'] ?? NaN
  const left = Number(attribute('\\bx')) - share * width
  const bottom = Number(attribute('\\by'))
  const corners = [
    [left, bottom - 0.73 * Number(size)], // Inter's capitals
    [left + width, bottom]
  ].map(([x = 0, y = 0]) => moved(attribute('transform'), x, y))
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  return { text, left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }
}

/** By the translations and the quarter turn that charts are drawn with, the last first. */
function moved(transform: string, x: number, y: number): readonly [number, number] {
  const steps = [...transform.matchAll(/(\w+)\(([^)]*)\)/g)].reverse()
  return steps.reduce<readonly [number, number]>(
    ([x, y], [, kind, numbers = '']) => {
      const [first = 0, second = 0] = numbers.split(/[ ,]+/).map(Number)
      if (kind === 'translate') return [x + first, y + second]
      if (kind === 'rotate' && first === -90) return [y, -x]
      throw new Error(`a transform that the test does not know: ${kind}(${numbers})`)
    },
    [x, y]
  )
}

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' }
const unescaped = (text: string) => text.replace(/&\w+;/g, (entity) => entities[entity] ?? entity)
