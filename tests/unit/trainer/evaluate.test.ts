import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createSsim, mean } from '@shared/metrics'
import { randomStream } from '@shared/random'
import { measureQuality } from '../../../src/main/trainer/evaluate'
import type { EngineSession, ForwardResult, ForwardValue, Images } from '../../../src/main/trainer/engines/engine'

const SIDE = 28
const random = randomStream('evaluate')
const count = 1234
const images: Images = {
  pixels: Uint8Array.from({ length: count * SIDE * SIDE }, () => Math.floor(256 * random())),
  count,
  size: SIDE * SIDE
}

/** Two models: one answers the image itself, one a grey. `calls` hears of each call's beginning and end. */
function answering(calls: (isUnderWay: boolean) => void = () => undefined): EngineSession {
  const forward = async ({ pixels, size }: Images, indices: Int32Array) => {
    calls(true)
    await turn()
    calls(false)
    const copy = Float32Array.from(
      { length: indices.length * size },
      (_, i) => (pixels[(indices[0] as number) * size + i] ?? NaN) / 255
    )
    const each = (value: (index: number) => number) => Float32Array.from(indices, value)
    return {
      bce: [each((index) => index), each(() => 2)],
      mse: [each(() => 0.1), each(() => 0.001)],
      reconstruction: [copy, new Float32Array(copy.length).fill(0.5)],
      code: []
    } as ForwardResult<ForwardValue>
  }
  return { forward } as unknown as EngineSession
}

it('quality is the mean over all images, whatever the calls are cut into', async () => {
  const { bce, psnr, ssim } = await measureQuality(answering(), images, SIDE)
  expect(bce).toEqual([(count - 1) / 2, 2])
  expect(psnr).toEqual([expect.closeTo(10, 5), expect.closeTo(30, 5)])
  const grey = createSsim(images.pixels, count, SIDE, SIDE).byImage(new Float32Array(images.pixels.length).fill(0.5))
  expect(ssim).toEqual([expect.closeTo(1, 6), expect.closeTo(mean(grey), 9)])
})

it('the thread is free between the calls: a trainer whose engine answers is heard', async () => {
  let isUnderWay = false
  let freeTicks = 0
  const timer = setInterval(() => (freeTicks += isUnderWay ? 0 : 1), 1)
  await measureQuality(
    answering((now) => (isUnderWay = now)),
    images,
    SIDE
  )
  clearInterval(timer)
  expect(freeTicks).toBeGreaterThanOrEqual(2)
})
