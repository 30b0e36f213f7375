// A chart as a figure that can leave the window.
import { figureSvg, type ChartFigure } from '@shared/charts/figure-svg'
import type { FigureSource } from './figure'

/** `of`: the name of the run, or of what is compared: it stands in the title and in the file's name. */
export function chartSource(figure: ChartFigure, of: string, csv: () => string): FigureSource {
  const titled = { ...figure, title: of === '' ? figure.title : `${figure.title} · ${of}` }
  return {
    title: titled.title,
    stem: of === '' ? figure.title : `${of}, ${figure.title}`,
    svg: (size) => figureSvg(titled, size, textWidth),
    csv
  }
}

/** Made when it is first asked for: what imports this may have no page. */
const state: { ruler?: CanvasRenderingContext2D | null } = {}

/** Width in pixels of a text in a font, as CSS writes it; in a page without a canvas 0. */
export function textWidth(text: string, font: string): number {
  const ruler = (state.ruler ??= document.createElement('canvas').getContext('2d'))
  if (!ruler) return 0
  ruler.font = font
  return ruler.measureText(text).width
}
