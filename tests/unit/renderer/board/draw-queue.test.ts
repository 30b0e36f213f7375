import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { drawSoon, forgetDrawing } from '../../../../src/renderer/components/board/draw-queue'
import { stubFrames } from '../lab-link'

let frames: ReturnType<typeof stubFrames>
let drawn: string[]

/** Something to draw that takes so long. */
const drawing = (name: string, milliseconds: number) => () => {
  drawn.push(name)
  vi.advanceTimersByTime(milliseconds)
}

function nextFrame(): void {
  frames.next()
  vi.advanceTimersByTime(0)
}

beforeEach(() => {
  drawn = []
  frames = stubFrames()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  nextFrame() // nothing is left to the next test
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('draws behind the frame, once, in the order asked', () => {
  const [a, b] = [drawing('a', 1), drawing('b', 1)]
  for (const draw of [a, b, a]) drawSoon(draw)
  frames.next()
  expect(drawn).toEqual([])
  vi.advanceTimersByTime(0)
  expect(drawn).toEqual(['a', 'b'])
})

it('leaves to the next frame what its budget does not hold', () => {
  for (const name of ['a', 'b', 'c']) drawSoon(drawing(name, 8))
  nextFrame()
  expect(drawn).toEqual(['a', 'b'])
  nextFrame()
  expect(drawn).toEqual(['a', 'b', 'c'])
})

it('forgets what is no more, and draws the others though one throws', () => {
  const gone = drawing('gone', 1)
  drawSoon(gone)
  drawSoon(() => {
    throw new Error('no canvas')
  })
  drawSoon(drawing('other', 1))
  forgetDrawing(gone)
  frames.next()
  expect(() => vi.advanceTimersByTime(0)).toThrow('no canvas')
  nextFrame()
  expect(drawn).toEqual(['other'])
})
