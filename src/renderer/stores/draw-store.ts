// What is on the drawing pad, and what is done to it before models see it. Stays while other tabs are looked at.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { centred, shrink } from '../views/draw/centre'
import { withNoise, type NoiseKind } from '../views/draw/noise'
import { blankInk, copyInk, inkOf, layStroke, type Ink, type Stroke } from '../views/draw/strokes'
import { useModelsStore } from './models-store'
import { onOtherData } from './other-data'
import { useRunStore } from './run-store'

/** Diameters of the pens, in pixels of an image of 28 × 28. */
export const pens = { thin: 1.6, medium: 2.4, thick: 3.4 } as const
export type Pen = keyof typeof pens

interface Drawing {
  strokes: readonly Stroke[]
  /** What lies below the strokes: a picture, or a test digit that was drawn upon. */
  picture: Ink | null
  /** Index of the test digit that is shown as it is; null of a drawing. */
  digit: number | null
}

const EMPTY: Drawing = { strokes: [], picture: null, digit: null }
const MOST_UNDONE = 200

export const useDrawStore = defineStore('draw', () => {
  const models = useModelsStore()
  const run = useRunStore()
  const drawing = shallowRef<Drawing>(EMPTY)
  const past = shallowRef<readonly Drawing[]>([])
  /** The stroke under way. */
  const stroke = shallowRef<Stroke | null>(null)
  const pen = ref<Pen>('medium')
  const centring = ref(true)
  const noiseKind = ref<NoiseKind>('gaussian')
  /** 0 to MOST_NOISE. */
  const noise = ref(0)

  /** Of an image, in pixels. */
  const size = computed(() => ({ width: run.file?.dataset.columns ?? 28, height: run.file?.dataset.rows ?? 28 }))
  const digitImage = computed(() => (drawing.value.digit === null ? null : models.testImage(drawing.value.digit)))
  const doneInk = computed(() => {
    const { picture, strokes } = drawing.value
    const below = picture ?? (digitImage.value && inkOf(digitImage.value, size.value))
    const ink = below ? copyInk(below) : blankInk(size.value)
    for (const one of strokes) layStroke(ink, one)
    return ink
  })
  const ink = computed(() => {
    if (!stroke.value) return doneInk.value
    const both = copyInk(doneInk.value)
    layStroke(both, stroke.value)
    return both
  })
  const isBlank = computed(() => ink.value.values.every((value) => value === 0))
  /** What is shown on the pad, and what models are to copy; pixels from 0 to 1. */
  const padImage = computed(() => digitImage.value ?? shrink(ink.value, size.value))
  const clean = computed(() => {
    if (digitImage.value && !stroke.value) return digitImage.value
    if (isBlank.value) return null
    return centring.value ? centred(ink.value, size.value) : shrink(ink.value, size.value)
  })
  /** What models see: the clean image with noise. */
  const seen = computed(() => clean.value && withNoise(clean.value, size.value.width, noiseKind.value, noise.value))

  function change(next: Drawing): void {
    past.value = [...past.value.slice(-MOST_UNDONE + 1), drawing.value]
    drawing.value = next
  }

  /** Adds to the stroke under way, or begins one. In pixels of the pad. */
  function drawTo(points: Stroke['points']): void {
    const before = stroke.value
    stroke.value = before
      ? { ...before, points: [...before.points, ...points] }
      : { points, thickness: (pens[pen.value] * Math.min(size.value.width, size.value.height)) / 28 }
  }

  function endStroke(): void {
    const done = stroke.value
    if (!done) return
    const { strokes, digit } = drawing.value
    const picture = digit === null ? drawing.value.picture : doneInk.value
    stroke.value = null
    change({ strokes: [...strokes, done], picture, digit: null })
  }

  function undo(): void {
    stroke.value = null
    const before = past.value[past.value.length - 1]
    if (!before) return
    past.value = past.value.slice(0, -1)
    drawing.value = before
  }

  function clear(): void {
    stroke.value = null
    if (drawing.value !== EMPTY) change(EMPTY)
  }

  const showPicture = (picture: Ink) => change({ ...EMPTY, picture })
  const showDigit = (digit: number) => change({ ...EMPTY, digit })

  /** Test images go with their data set; what was drawn stays. */
  onOtherData(run, () => {
    const drawn = [...past.value, drawing.value].filter(({ digit }) => digit === null)
    drawing.value = drawn.pop() ?? EMPTY
    past.value = drawn
  })
  watch([() => size.value.width, () => size.value.height], () => {
    drawing.value = EMPTY // ink of another size
    past.value = []
  })

  return {
    drawing,
    past,
    stroke,
    pen,
    centring,
    noiseKind,
    noise,
    size,
    isBlank,
    padImage,
    clean,
    seen,
    drawTo,
    endStroke,
    undo,
    clear,
    showPicture,
    showDigit
  }
})
