// What the pointer does on a loss chart: pointing shows an epoch everywhere, a press or a drag chooses it, Shift and a drag zooms, Ctrl and the wheel too.
import { onBeforeUnmount, ref } from 'vue'
import type { useCursorStore } from '../../stores/cursor-store'

/** Pixels of a wheel's notch. */
const NOTCH = 100
/** Narrower drags are clicks. */
const NARROWEST = 4

/** Whose epoch it is: the open run's, or that of the runs compared. */
export type EpochCursor = Pick<ReturnType<typeof useCursorStore>, 'goTo' | 'point' | 'zoomTo' | 'zoomBy' | 'resetZoom'>

/** `epochAt` answers the epoch, not rounded, at a place of the window, null before it is drawn and, unless `beyond`, beside the plot. */
export function useChartPointer(epochAt: (clientX: number, beyond?: boolean) => number | null, cursor: EpochCursor) {
  /** Both ends of the drag that zooms, in the window's pixels. */
  const frame = ref<{ from: number; to: number } | null>(null)
  let isScrubbing = false
  /** Where it points at an epoch, in the window's pixels. */
  let pointed: number | null = null

  function scrubTo(clientX: number): void {
    const epoch = epochAt(clientX, true)
    if (epoch !== null) cursor.goTo(epoch)
  }

  function press(event: PointerEvent): void {
    if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return
    pointed = null
    event.currentTarget.setPointerCapture(event.pointerId)
    if (event.shiftKey) frame.value = { from: event.clientX, to: event.clientX }
    else {
      isScrubbing = true
      scrubTo(event.clientX)
    }
  }

  function move(event: PointerEvent): void {
    if (frame.value) frame.value = { ...frame.value, to: event.clientX }
    else if (isScrubbing) scrubTo(event.clientX)
    else if (event.pointerType !== 'touch') {
      pointed = event.clientX
      pointAgain()
    }
  }

  /** The epoch that is under the pointer now: the chart may have moved under it. */
  function pointAgain(): void {
    if (pointed !== null) cursor.point(epochAt(pointed))
  }

  function release(): void {
    isScrubbing = false
    if (!frame.value) return
    const { from, to } = frame.value
    frame.value = null
    const [first, last] = [epochAt(from, true), epochAt(to, true)]
    if (first !== null && last !== null && Math.abs(to - from) >= NARROWEST) cursor.zoomTo(first, last)
  }

  function leave(): void {
    pointed = null
    cursor.point(null)
  }

  /** The page would zoom itself by Ctrl and the wheel, or by a pinch, which comes as the same. */
  function wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    cursor.zoomBy(-event.deltaY / NOTCH, epochAt(event.clientX) ?? undefined)
  }

  onBeforeUnmount(leave)

  return {
    frame,
    pointAgain,
    on: {
      pointerdown: press,
      pointermove: move,
      pointerup: release,
      pointercancel: release,
      pointerleave: leave,
      wheel,
      dblclick: cursor.resetZoom
    }
  }
}
