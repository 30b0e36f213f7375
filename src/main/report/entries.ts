// A block of named paragraphs: names at the left, texts beside them.
import type { Block } from './layout'
import { CONTENT_WIDTH, HEADING, paragraphHeight, styles, writeHeading, writeParagraph, type Paper } from './paper'

export type Entry = readonly [name: string, text: string]
const NAME_WIDTH = 96
const TEXT_WIDTH = CONTENT_WIDTH - NAME_WIDTH
const GAP = 3

export function entriesBlock(measure: Paper, title: string, entries: readonly Entry[]): Block {
  const heights = entries.map(([, text]) => paragraphHeight(measure, text, TEXT_WIDTH, styles.body) + GAP)
  return {
    title,
    growth: 0,
    height: HEADING + heights.reduce((sum, height) => sum + height, 0),
    draw(paper, box) {
      let top = box.top + writeHeading(paper, title, box)
      entries.forEach(([name, text], index) => {
        writeParagraph(paper, name, { left: box.left, top, width: NAME_WIDTH }, styles.quiet)
        writeParagraph(paper, text, { left: box.left + NAME_WIDTH, top, width: TEXT_WIDTH }, styles.body)
        top += heights[index] ?? 0
      })
    }
  }
}
