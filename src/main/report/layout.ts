// Blocks onto pages: in order, none torn apart, what is left of a page given to those that can grow.
import type { Box, Paper } from './paper'

/** A part of the report that stays on one page. Heights are in points. */
export interface Block {
  /** Its name in the PDF's outline. */
  title: string
  height: number
  /** How much higher it may become where the page has room; 0 for text. */
  growth: number
  draw(paper: Paper, box: Box): void
}

export interface PlacedBlock {
  block: Block
  top: number
  height: number
}

/**
 * Pages of blocks between `top` and `top + height`, `space` apart: as few pages as can be, then those that leave the least
 * room unused (squared, so that no page is nearly empty). A block higher than a page gets one of its own.
 */
export function paginate(blocks: readonly Block[], top: number, height: number, space: number): PlacedBlock[][] {
  return breakPages(blocks, height, space).pages.map((page) => place(page, top, height, space))
}

interface Breaking {
  pages: (readonly Block[])[]
  waste: number
}

function breakPages(blocks: readonly Block[], height: number, space: number): Breaking {
  let best: Breaking = { pages: [], waste: 0 }
  for (let count = 1; count <= blocks.length; count++) {
    const page = blocks.slice(0, count)
    const unused = height - heightOf(page, space)
    if (unused < 0 && count > 1) break
    const rest = breakPages(blocks.slice(count), height, space)
    const waste = Math.max(0, unused - growthOf(page)) ** 2 + rest.waste
    const pages = rest.pages.length + 1
    if (count === 1 || pages < best.pages.length || (pages === best.pages.length && waste < best.waste)) {
      best = { pages: [page, ...rest.pages], waste }
    }
  }
  return best
}

function place(page: readonly Block[], top: number, height: number, space: number): PlacedBlock[] {
  const unused = Math.max(0, height - heightOf(page, space))
  const share = Math.min(1, unused / Math.max(growthOf(page), 1))
  let y = top
  return page.map((block) => {
    const placed = { block, top: y, height: block.height + share * block.growth }
    y += placed.height + space
    return placed
  })
}

function heightOf(page: readonly Block[], space: number): number {
  return page.reduce((sum, block) => sum + block.height, 0) + space * (page.length - 1)
}

function growthOf(page: readonly Block[]): number {
  return page.reduce((sum, block) => sum + block.growth, 0)
}
