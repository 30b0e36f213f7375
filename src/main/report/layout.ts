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
  return breakPages(blocks, height, space).map((page) => place(page, top, height, space))
}

interface Breaking {
  pages: (readonly Block[])[]
  waste: number
}

/** The best breaking of the blocks from each one on, found from the last to the first. */
function breakPages(blocks: readonly Block[], height: number, space: number): (readonly Block[])[] {
  const best: Breaking[] = []
  best[blocks.length] = { pages: [], waste: 0 }
  for (let start = blocks.length - 1; start >= 0; start--) {
    for (let end = start + 1; end <= blocks.length; end++) {
      const page = blocks.slice(start, end)
      const unused = height - heightOf(page, space)
      if (unused < 0 && page.length > 1) break
      const rest = best[end] as Breaking
      const waste = Math.max(0, unused - growthOf(page)) ** 2 + rest.waste
      const found = { pages: [page, ...rest.pages], waste }
      best[start] = better(best[start], found)
    }
  }
  return best[0]?.pages ?? []
}

function better(one: Breaking | undefined, other: Breaking): Breaking {
  if (!one || other.pages.length < one.pages.length) return other
  return other.pages.length === one.pages.length && other.waste < one.waste ? other : one
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
