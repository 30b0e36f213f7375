// What the pointer and the keyboard do in a plane: move it, hover, choose and select points, and set the place that is decoded.
import { ref, type Ref } from 'vue'
import { useLatentStore } from '../../stores/latent-store'
import { HIDDEN } from './point-layer'
import { inside, moved, nearest, toPlane, zoomed, type PlaneView, type Point, type Size } from './plane-view'

/** Pixels around a point in which the pointer is over it, those that an arrow key moves, and those that a click may move. */
const REACH = 10
const STEP = 6
const CLICK_REACH = 3

const steps: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1]
}

export interface PointedPlane {
  element: Readonly<Ref<HTMLElement | null>>
  points(): Float32Array | null
  view: Readonly<Ref<PlaneView | null>>
  size: Readonly<Ref<Size>>
  move(next: PlaneView): void
  reset(): void
}

export function usePlanePointer({ element, points, view, size, move, reset }: PointedPlane) {
  const latent = useLatentStore()
  const crosshair = ref<Point | null>(null)
  const lasso = ref<Point[] | null>(null)
  /** The press under way: where it was last, and whether it is still a click of the first button. */
  let press: { pointer: number; start: Point; last: Point; isClick: boolean } | null = null

  function screenOf({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = (element.value as HTMLElement).getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }

  function planeOf(event: MouseEvent): Point | null {
    return view.value && toPlane(view.value, size.value, screenOf(event))
  }

  function nearestTo(point: Point): number | null {
    const places = points()
    if (!places || !view.value) return null
    return nearest(places, point, REACH / view.value.scale, (index) => latent.states[index] !== HIDDEN)
  }

  function begin(event: PointerEvent): void {
    const point = planeOf(event)
    if (!point || event.button > 1 || !event.isPrimary) return
    element.value?.setPointerCapture(event.pointerId)
    const start = screenOf(event)
    press = { pointer: event.pointerId, start, last: start, isClick: event.button === 0 }
    if (latent.tool === 'pan' || event.button === 1) return
    if (latent.tool === 'lasso') lasso.value = [point]
    else crosshair.value = point
  }

  function drag(event: PointerEvent): void {
    const point = planeOf(event)
    if (!point || !view.value) return
    if (!press) {
      latent.hovered = nearestTo(point)
      return
    }
    if (event.pointerId !== press.pointer) return
    const now = screenOf(event)
    if (Math.hypot(now.x - press.start.x, now.y - press.start.y) > CLICK_REACH) press.isClick = false
    if (lasso.value) lasso.value = [...lasso.value, point]
    else if (latent.tool === 'decode' && !(event.buttons & 4)) crosshair.value = point
    else {
      move(moved(view.value, now.x - press.last.x, now.y - press.last.y))
      press.last = now
    }
  }

  function end(event: PointerEvent): void {
    if (event.pointerId !== press?.pointer) return
    if (event.type === 'pointerup') {
      if (lasso.value) selectInside(lasso.value)
      else if (press.isClick && latent.tool !== 'pan') choose(planeOf(event))
      element.value?.focus({ preventScroll: true })
    }
    lasso.value = null
    press = null
  }

  function selectInside(path: readonly Point[]): void {
    const places = points()
    if (places) latent.select(path.length > 2 ? inside(places, path) : [])
  }

  function choose(point: Point | null): void {
    latent.pinned = (point && nearestTo(point)) ?? latent.pinned
  }

  function wheel(event: WheelEvent): void {
    const point = planeOf(event)
    if (point && view.value) move(zoomed(view.value, 2 ** (-event.deltaY / 300), point))
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !view.value) return
    const { centre, scale } = view.value
    const point = crosshair.value ?? centre
    const step = steps[event.key]
    if (step) {
      const far = ((event.shiftKey ? 5 : 1) * STEP) / scale
      crosshair.value = { x: point.x + step[0] * far, y: point.y + step[1] * far }
      latent.hovered = null
    } else if (event.key === '+' || event.key === '=') move(zoomed(view.value, 1.25, point))
    else if (event.key === '-') move(zoomed(view.value, 0.8, point))
    else if (event.key === '0') reset()
    else if (event.key === 'Enter') choose(point)
    else if (event.key === 'Escape' && (latent.selected.length > 0 || lasso.value)) {
      lasso.value = null
      press = null
      latent.select([])
    } else return
    event.preventDefault()
  }

  return { crosshair, lasso, begin, drag, end, wheel, onKey }
}
