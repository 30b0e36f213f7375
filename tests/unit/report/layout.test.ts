import { describe, expect, it } from 'vitest'
import { paginate, type Block } from '../../../src/main/report/layout'

const block = (height: number, growth = 0): Block => ({ title: '', height, growth, draw: () => undefined })
const heights = (blocks: Block[]) => paginate(blocks, 10, 100, 5).map((page) => page.map(({ height }) => height))

describe('paginate', () => {
  it('keeps blocks whole, in order, and between top and bottom', () => {
    const pages = paginate([block(40), block(40), block(30), block(90)], 10, 100, 5)
    expect(pages.map((page) => page.map(({ top }) => top))).toEqual([[10], [10, 55], [10]])
  })
  it('takes as few pages as can be, and of those breaks the evenest', () => {
    expect(heights([block(40), block(30), block(20), block(20), block(70)])).toEqual([
      [40, 30, 20],
      [20, 70]
    ])
  })
  it('gives what is left to blocks that can grow, and no more than they can take', () => {
    expect(heights([block(40, 30), block(25)])).toEqual([[70, 25]])
    expect(heights([block(40, 10), block(25)])).toEqual([[50, 25]])
  })
  it('leaves a block that is higher than a page alone on one', () => {
    expect(heights([block(50), block(150), block(50)])).toEqual([[50], [150], [50]])
  })
})
