import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useCursorStore } from '../../../../src/renderer/stores/cursor-store'
import { useLabStore } from '../../../../src/renderer/stores/lab-store'
import { useRunStore } from '../../../../src/renderer/stores/run-store'
import { stubFrames, testLink } from '../lab-link'
import { epochEnded, runView } from '../run-view'

beforeEach(() => {
  setActivePinia(createPinia())
  stubFrames()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A cursor on a run with so many complete epochs, whose second model is best at `best`. */
async function cursorOn(epochs: number, best = epochs) {
  const view = runView(epochs)
  const val = view.file.models[1]?.history.valLoss
  if (val && best > 0) val[best - 1] = 0.01
  const link = testLink({ openRun: () => Promise.resolve(view) })
  await useLabStore().attach(link)
  await useRunStore().open('one')
  return { cursor: useCursorStore(), link }
}

describe('one epoch', () => {
  it('is the latest at first, goes from 0 to the last, and is live again at the last', async () => {
    const { cursor } = await cursorOn(5)
    expect([cursor.epoch, cursor.live]).toEqual([5, true])
    cursor.goTo(-3)
    expect([cursor.epoch, cursor.live]).toEqual([0, false])
    cursor.step(4)
    expect(cursor.epoch).toBe(4)
    cursor.step(10)
    expect([cursor.epoch, cursor.live]).toEqual([5, true])
  })

  it('is shown for as long as it is pointed at, and chosen by keys or a click', async () => {
    const { cursor } = await cursorOn(9)
    cursor.goTo(6)
    cursor.point(2.4)
    expect([cursor.epoch, cursor.live]).toEqual([2, false])
    cursor.point(null)
    expect(cursor.epoch).toBe(6)
    cursor.point(40)
    expect([cursor.epoch, cursor.live]).toEqual([9, true])
    cursor.point(3)
    cursor.step(1)
    expect([cursor.epoch, cursor.pointed]).toEqual([4, null])
  })

  it('goes on with the newest while it is live', async () => {
    const { cursor, link } = await cursorOn(0, 0)
    expect([cursor.epoch, cursor.live]).toEqual([0, true])
    link.emit('epochEnded', epochEnded(1))
    expect([cursor.epoch, cursor.live]).toEqual([1, true])
  })

  it('jumps to the least validation loss of what is selected', async () => {
    const { cursor } = await cursorOn(9, 4)
    cursor.goToBest()
    expect(cursor.epoch).toBe(4)
    cursor.toggleModel(0)
    cursor.goToBest()
    expect(cursor.epoch).toBe(9) // its losses fall to the end
  })
})

describe('the selection', () => {
  it('is of all models at first; one alone greys the others, Ctrl adds, and alone again is all', async () => {
    const { cursor } = await cursorOn(2)
    const muted = () => [0, 1].map((rank) => cursor.isMuted(rank))
    expect(muted()).toEqual([false, false])
    cursor.toggleModel(1, true)
    expect(muted()).toEqual([true, false])
    cursor.toggleModel(0)
    expect([[...cursor.models].sort(), muted()]).toEqual([
      [0, 1],
      [false, false]
    ])
    cursor.toggleModel(0, true)
    expect(muted()).toEqual([false, true])
    cursor.toggleModel(0, true)
    expect(cursor.models.size).toBe(0)
  })
})

describe('playing', () => {
  it('begins with the untrained models, keeps the chosen pace and ends at the latest', async () => {
    const { cursor } = await cursorOn(3)
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    cursor.setPace(2)
    cursor.play()
    expect([cursor.epoch, cursor.playing]).toEqual([0, true])
    vi.advanceTimersByTime(499)
    expect(cursor.epoch).toBe(0)
    vi.advanceTimersByTime(1)
    expect(cursor.epoch).toBe(1)
    cursor.setPace(20)
    vi.advanceTimersByTime(50)
    expect(cursor.epoch).toBe(2)
    vi.advanceTimersByTime(50)
    expect([cursor.epoch, cursor.live, cursor.playing]).toEqual([3, true, false])
  })

  it('is not disturbed by a pointer on a chart', async () => {
    const { cursor } = await cursorOn(3)
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    cursor.play()
    cursor.point(2)
    expect(cursor.epoch).toBe(0)
    cursor.pause()
  })
})

describe('the epochs on show', () => {
  it('are a part of those that there are, at least two; all of them again is no zoom', async () => {
    const { cursor } = await cursorOn(50)
    cursor.zoomTo(30, 10)
    expect(cursor.zoom).toEqual({ from: 10, to: 30 })
    cursor.zoomTo(49.5, 70)
    expect(cursor.zoom?.to).toBe(50)
    cursor.zoomTo(20, 20)
    expect((cursor.zoom?.to ?? 0) - (cursor.zoom?.from ?? 0)).toBe(2)
    cursor.zoomTo(-5, 80)
    expect(cursor.zoom).toBeNull()
  })

  it('come closer about the epoch looked at, which keeps its place', async () => {
    const { cursor } = await cursorOn(50)
    cursor.goTo(20)
    cursor.zoomBy(1)
    const { from, to } = cursor.zoom ?? { from: 0, to: 0 }
    expect((20 - from) / (to - from)).toBeCloseTo(0.4, 10)
    cursor.zoomBy(-3)
    expect(cursor.zoom).toBeNull()
  })
})
