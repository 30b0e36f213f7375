// The small lines above the scrubber: the gap closed by each series, epoch by epoch, in a box of 1000 × 1000.
import { gapClosed } from '@shared/metrics'
import type { Bounds } from '@shared/run'
import type { LossCurve } from '@shared/series'

export const BOX = 1000
const BOTTOM = 940
const HEIGHT = 880

/** Where an epoch stands across the box when `epochs` are planned; 0 are the untrained models. */
export function epochX(epoch: number, epochs: number): number {
  return (BOX * epoch) / Math.max(1, epochs)
}

/** An SVG path of one series' gap closed over its epochs; interrupted where there is no loss. */
export function gapLine(val: LossCurve, bounds: Pick<Bounds, 'perfectCopy' | 'meanDigit'>, epochs: number): string {
  let pen = 'M'
  let path = ''
  val.forEach((loss, index) => {
    if (loss === null) {
      pen = 'M'
      return
    }
    const y = BOTTOM - HEIGHT * gapClosed(loss, bounds)
    path += `${pen}${epochX(index + 1, epochs).toFixed(1)} ${y.toFixed(0)}`
    pen = 'L'
  })
  return path
}

/** Epochs written under the scrubber: 0, round ones, the last; none so near the last that they touch. */
export function scrubberTicks(epochs: number): number[] {
  const last = Math.max(1, epochs)
  const step = [1, 2, 5, 10, 20, 50, 100, 200].find((value) => last / value <= 8) ?? 500
  const round = Array.from({ length: Math.floor(last / step) }, (_, index) => (index + 1) * step)
  return [0, ...round.filter((epoch) => epoch <= last - step / 2), last]
}
