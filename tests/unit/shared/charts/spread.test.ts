import { describe, expect, it } from 'vitest'
import { spread } from '../../../../src/shared/charts/spread'

describe('spread', () => {
  it('leaves labels that do not touch where they are wanted', () => {
    expect(spread([80, 20, 50], 10, 0, 100)).toEqual([80, 20, 50])
  })
  it('parts labels that touch around the mean of their wishes, in their order', () => {
    expect(spread([50, 51], 10, 0, 100)).toEqual([45.5, 55.5])
    expect(spread([51, 50], 10, 0, 100)).toEqual([55.5, 45.5])
  })
  it('pushes a third away when two grow into it', () => {
    const places = spread([50, 50, 58], 10, 0, 100)
    expect(places.map((place, i) => place - (places[i - 1] ?? place))).toEqual([0, 10, 10])
  })
  it('keeps labels inside, and shares the room where there is too little', () => {
    expect(spread([99, 99], 10, 0, 100)).toEqual([85, 95])
    expect(spread([1, 1, 1, 1], 10, 0, 25)).toEqual([5, 10, 15, 20])
  })
})
