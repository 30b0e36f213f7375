// A figure: what can leave the window as a picture of its own – a chart, a gallery – with all it takes to be understood without the window.
import type { FigureSize } from '@shared/charts/figure-svg'

export type { FigureSize } from '@shared/charts/figure-svg'

export interface FigureSource {
  /** In the picture's first line, and what it is called where it can't be seen. */
  title: string
  /** The file's name without its ending; `fileName` makes it fit for a disk. */
  stem: string
  /**
   * The picture as the text of an SVG file, in light colours on white, title and legend inside. Its root has `width` and `height` in user
   * units and a `viewBox` from 0 0. It refers to nothing outside itself: images are data URIs, text is set in Inter. Throws LabError.
   */
  svg(size: FigureSize): string | Promise<string>
  /** What is drawn, as a table; null: nothing that a table could hold. */
  csv: (() => string) | null
}
