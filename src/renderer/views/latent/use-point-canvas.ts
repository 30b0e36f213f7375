// Draws the points of a plane on a canvas, once a frame at most, as large as the page gives it room.
import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'
import { useModelsStore } from '../../stores/models-store'
import { useLatentStore } from '../../stores/latent-store'
import { fitted, type PlaneView, type Size } from './plane-view'
import { createPointLayer, pointSize, type PointLayer } from './point-layer'

const STANDS_STILL_MILLISECONDS = 150

export function usePointCanvas(
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  points: () => Float32Array | null,
  colours: () => readonly string[],
  onFailure: () => void
) {
  const models = useModelsStore()
  const latent = useLatentStore()
  const size = ref<Size>({ width: 1, height: 1 })
  const view = ref<PlaneView | null>(null)
  /** The view that shows all points, from which zoom is counted; followed until the user has moved. */
  const whole = ref<PlaneView | null>(null)
  const hasMoved = ref(false)
  let layer: PointLayer | null = null
  let frame = 0
  /** Set while the view moves: a processor that draws shows digits once it stands still. */
  let still: ReturnType<typeof setTimeout> | undefined

  const observer =
    typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(([entry]) => entry && resize(entry.contentRect))

  function resize({ width, height }: Size): void {
    if (!canvas.value || width < 1 || height < 1) return
    size.value = { width, height }
    canvas.value.width = Math.round(width * devicePixelRatio)
    canvas.value.height = Math.round(height * devicePixelRatio)
    fit()
  }

  function fit(): void {
    const places = points()
    if (!places) return soon()
    whole.value = fitted(places, size.value)
    if (!hasMoved.value) view.value = whole.value
    soon()
  }

  function reset(): void {
    hasMoved.value = false
    view.value = whole.value
  }

  function move(next: PlaneView): void {
    hasMoved.value = true
    view.value = next
    clearTimeout(still)
    still = setTimeout(() => {
      still = undefined
      soon()
    }, STANDS_STILL_MILLISECONDS)
  }

  function soon(): void {
    frame ||= requestAnimationFrame(paint)
  }

  function paint(): void {
    frame = 0
    if (!layer || !view.value || !whole.value) return
    const look = layer.isSlow && still !== undefined ? 'dots' : latent.look
    const point = pointSize(look, view.value, whole.value.scale)
    layer.draw({ view: view.value, size: size.value, ratio: devicePixelRatio, look, point })
  }

  function takePoints(): void {
    const places = points()
    layer?.setPoints(places ?? new Float32Array(), places ? latent.labels : new Uint8Array())
    fit()
  }

  /** Begins on a canvas; one whose WebGL has failed can't be had for anything else. */
  function open(withGl: boolean): void {
    if (!canvas.value) return
    layer = createPointLayer(canvas.value, withGl)
    if (!layer && withGl) return onFailure()
    layer?.setColours(colours())
    layer?.setStates(latent.states)
    if (models.images) layer?.setDigits(models.images)
    takePoints()
  }

  onMounted(() => {
    open(true)
    if (canvas.value?.parentElement) observer?.observe(canvas.value.parentElement)
  })
  onBeforeUnmount(() => {
    observer?.disconnect()
    cancelAnimationFrame(frame)
    clearTimeout(still)
    layer?.dispose()
    layer = null
  })
  watch(points, takePoints)
  watch([view, () => latent.look], soon)
  watch(
    () => latent.states,
    (states) => {
      layer?.setStates(states)
      soon()
    }
  )
  watch(colours, (now) => {
    layer?.setColours(now)
    soon()
  })
  watch(
    () => models.images,
    (images) => {
      if (images) layer?.setDigits(images)
      takePoints()
    }
  )

  return { size, view, reset, move, open, resize }
}
