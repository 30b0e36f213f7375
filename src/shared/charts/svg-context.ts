// A drawing surface that writes SVG: as much of a canvas's 2D context as our charts use. Text stays text, lines stay lines.

/** Width in pixels of a text in a font, as CSS writes it; an SVG has nothing that could measure. */
export type MeasureText = (text: string, font: string) => number

/** The size that an SVG's first tag says, in points, as toSvg writes it; NaN where it says none. */
export function svgSize(tag: string): { width: number; height: number } {
  const side = (name: string) => Number(new RegExp(`\\s${name}="([\\d.]+)(?:pt)?"`).exec(tag)?.[1])
  return { width: side('width'), height: side('height') }
}

/** What can be set on the context; `save` keeps it, `restore` brings it back. */
interface Style {
  fillStyle: string
  strokeStyle: string
  lineWidth: number
  lineJoin: string
  lineDash: readonly number[]
  font: string
  textAlign: 'left' | 'right' | 'center' | 'start' | 'end'
  textBaseline: 'alphabetic' | 'middle' | 'top' | 'bottom'
  globalAlpha: number
  /** SVG transforms, outermost first. */
  transforms: readonly string[]
  /** Ids of clip paths, outermost first. */
  clips: readonly string[]
}

const ANCHORS = { left: 'start', start: 'start', center: 'middle', right: 'end', end: 'end' } as const
/** How far, in ems, a text's baseline lies below the point it was asked to stand at. */
const BASELINES = { alphabetic: 0, middle: 0.36, top: 0.8, bottom: -0.2 } as const

export type SvgContext = ReturnType<typeof svgContext>

export function svgContext(width: number, height: number, measure: MeasureText) {
  const style: Style = {
    fillStyle: '#000000',
    strokeStyle: '#000000',
    lineWidth: 1,
    lineJoin: 'miter',
    lineDash: [],
    font: '10px sans-serif',
    textAlign: 'start',
    textBaseline: 'alphabetic',
    globalAlpha: 1,
    transforms: [],
    clips: []
  }
  const saved: Style[] = []
  const definitions: string[] = []
  const elements: string[] = []
  let path = ''

  /** Adds an element within the clips and transforms that hold now. */
  function add(name: string, attributes: Record<string, string | number>, content = ''): void {
    const alpha = context.globalAlpha < 1 ? { opacity: context.globalAlpha } : {}
    const placed = element(name, { ...attributes, ...transform(), ...alpha }, content)
    elements.push(context.clips.reduceRight((inner, id) => element('g', { 'clip-path': `url(#${id})` }, inner), placed))
  }
  const transform = () => (context.transforms.length > 0 ? { transform: context.transforms.join(' ') } : {})

  const context = {
    ...style,
    save() {
      saved.push(styleOf(context))
    },
    restore() {
      Object.assign(context, saved.pop())
    },
    translate(x: number, y: number) {
      context.transforms = [...context.transforms, `translate(${number(x)} ${number(y)})`]
    },
    rotate(radians: number) {
      if (radians !== 0) context.transforms = [...context.transforms, `rotate(${number((180 * radians) / Math.PI)})`]
    },
    setLineDash(lengths: readonly number[]) {
      context.lineDash = [...lengths]
    },
    measureText: (text: string) => ({ width: measure(text, context.font) }),

    beginPath() {
      path = ''
    },
    closePath() {
      path += 'Z'
    },
    moveTo(x: number, y: number) {
      path += `M${number(x)} ${number(y)}`
    },
    lineTo(x: number, y: number) {
      path += `L${number(x)} ${number(y)}`
    },
    bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number) {
      path += `C${[x1, y1, x2, y2, x, y].map(number).join(' ')}`
    },
    rect(x: number, y: number, w: number, h: number) {
      path += `M${number(x)} ${number(y)}h${number(w)}v${number(h)}h${number(-w)}Z`
    },
    /** A whole circle; charts of lines have no other arcs. */
    arc(x: number, y: number, radius: number) {
      const half = `a${number(radius)} ${number(radius)} 0 0 1`
      path += `M${number(x - radius)} ${number(y)}${half} ${number(2 * radius)} 0${half} ${number(-2 * radius)} 0Z`
    },
    clip() {
      const id = `clip-${definitions.length + 1}`
      definitions.push(element('clipPath', { id }, element('path', { d: path, ...transform() })))
      context.clips = [...context.clips, id]
    },
    fill() {
      add('path', { d: path, fill: context.fillStyle })
    },
    stroke() {
      const { strokeStyle, lineWidth, lineJoin, lineDash } = context
      const dash = lineDash.length > 0 ? { 'stroke-dasharray': lineDash.map(number).join(' ') } : {}
      const line = { stroke: strokeStyle, 'stroke-width': number(lineWidth), 'stroke-linejoin': lineJoin, ...dash }
      if (path !== '') add('path', { d: path, fill: 'none', ...line })
    },
    fillRect(x: number, y: number, w: number, h: number) {
      add('rect', { x: number(x), y: number(y), width: number(w), height: number(h), fill: context.fillStyle })
    },
    fillText(text: string, x: number, y: number) {
      const { font, fillStyle, textAlign, textBaseline } = context
      const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 10)
      const at = { x: number(x), y: number(y + BASELINES[textBaseline] * size) }
      add('text', { ...at, 'text-anchor': ANCHORS[textAlign], fill: fillStyle, style: `font:${font}` }, escape(text))
    },

    /** A picture by its address, pixel by pixel where it is enlarged. */
    drawPicture(address: string, at: { x: number; y: number; width: number; height: number }, isEnlarged: boolean) {
      const box = { x: number(at.x), y: number(at.y), width: number(at.width), height: number(at.height) }
      const sharp = isEnlarged ? { style: 'image-rendering:pixelated', 'image-rendering': 'optimizeSpeed' } : {}
      add('image', { ...box, href: address, preserveAspectRatio: 'none', ...sharp })
    },

    // a new picture has neither an earlier one to wipe nor device pixels to fit
    clearRect: () => undefined,
    setTransform: () => undefined,
    resetTransform: () => undefined,

    /** The whole file; `title` is what it is called where it can't be seen. */
    toSvg(title: string): string {
      const content = [element('title', {}, escape(title)), element('defs', {}, definitions.join('')), ...elements]
      const size = { width: `${width}pt`, height: `${height}pt`, viewBox: `0 0 ${width} ${height}` }
      return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', ...size }, content.join('\n'))}\n`
    }
  }
  return context
}

function styleOf(from: Style): Style {
  const { fillStyle, strokeStyle, lineWidth, lineJoin, lineDash, font } = from
  const { textAlign, textBaseline, globalAlpha, transforms, clips } = from
  const strokes = { fillStyle, strokeStyle, lineWidth, lineJoin, lineDash }
  return { ...strokes, font, textAlign, textBaseline, globalAlpha, transforms, clips }
}

function element(name: string, attributes: Record<string, string | number>, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value))}"`)
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`
}

function number(value: number): number {
  return Number(value.toFixed(2))
}

/** What XML 1.0 has no place for, escaped or not: control characters, halves of characters, two that are none. */
const NOT_XML = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu

function escape(text: string): string {
  return text
    .replace(NOT_XML, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
}
