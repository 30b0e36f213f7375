// A figure: what can leave the window as a picture of its own – a chart, a gallery – with all it takes to be understood without the window.

/** What a figure is drawn to. Lengths are in points, 1/72 inch; in the SVG one point is one user unit. */
export interface FigureSize {
  /** Of the whole picture, 85 to 1134 (30 to 400 mm). */
  width: number
  /** Of the whole picture; null: what suits the width, which the figure decides. */
  height: number | null
  /** Of axes and legends; titles, lines and gaps follow it. 7 in print, about 18 on a slide of 960 × 540. */
  textSize: number
}

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
