// Which frames a file gets and for how long each, on a canvas and in a format that a test stands for.
import { expect, it, vi } from 'vitest'
import { encodeAnimation, type AnimationJob } from '../../../../src/renderer/animation/encode'

vi.mock('../../../../src/renderer/animation/frame-painter', () => ({ contextOf: () => ({ canvas: {} }) }))

/** The epochs drawn and how long each stays, in seconds; images are kept of those in `kept`. */
async function encoded(epochs: number[], kept: number[], more: Partial<AnimationJob> = {}) {
  const drawn: [epoch: number, seconds: number][] = []
  const told: number[] = []
  let shown = -1
  const file = await encodeAnimation({
    painter: { width: 2, height: 2, draw: (_, epoch) => (shown = epoch) },
    epochs,
    digits: async (epoch) => (kept.includes(epoch) ? new Uint8Array(1) : null),
    rate: 8,
    format: 'webm',
    openSink: async () => ({
      add: async (_, seconds) => drawn.push([shown, seconds]),
      finish: async () => new Uint8Array(1),
      close: () => undefined
    }),
    signal: new AbortController().signal,
    onProgress: (frames) => told.push(frames),
    ...more
  })
  return { file, drawn, told }
}

it('holds the last frame that is drawn, and counts those alone', async () => {
  const { drawn, told } = await encoded([0, 1, 2, 3, 4], [1, 3])
  expect(drawn).toEqual([
    [1, 0.125],
    [3, 2]
  ])
  expect(told).toEqual([1, 2])
})

it('says where no images were kept', async () => {
  await expect(encoded([0, 1], [])).rejects.toMatchObject({ kind: 'not-found' })
})

it('is given up between two frames', async () => {
  const control = new AbortController()
  const onProgress = () => control.abort()
  expect(await encoded([0, 1, 2], [0, 1, 2], { signal: control.signal, onProgress })).toMatchObject({
    file: null,
    drawn: [[0, 0.125]]
  })
})
