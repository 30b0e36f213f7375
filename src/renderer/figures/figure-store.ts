// The figure that is about to leave the window: what it is of, how it is drawn, how it looks.
import { defineStore } from 'pinia'
import * as v from 'valibot'
import { computed, ref, shallowRef, watch } from 'vue'
import { sentence, toLabErrorData } from '@shared/errors'
import {
  FigureOptionsSchema,
  figurePresets,
  toPixels,
  toPoints,
  type FigureOptions,
  type FigurePreset
} from '@shared/figure-options'
import { svgSize } from '@shared/charts/svg-context'
import { useScreenStore } from '../stores/screen-store'
import { useSettingsStore } from '../stores/settings-store'
import type { FigureSource } from './figure'

export const useFigureStore = defineStore('figure', () => {
  const screen = useScreenStore()
  const settings = useSettingsStore()
  const source = shallowRef<FigureSource | null>(null)
  const options = ref<FigureOptions>({ ...settings.settings.figure })
  /** The picture as the text of an SVG file; null before it is drawn. */
  const svg = shallowRef<string | null>(null)
  const problem = ref('')
  /** Whether each number is one that can be chosen; else the picture stays as it was. */
  const isValid = computed(() => v.is(FigureOptionsSchema, options.value))
  const isOpen = computed(() => screen.dialog === 'figure')
  /** The drawn picture's size in points. */
  const points = computed(() => (svg.value === null ? null : svgSize(/<svg\b[^>]*>/.exec(svg.value)?.[0] ?? '')))
  const pixels = computed(() => {
    const { resolution } = options.value
    if (!points.value) return null
    const { width, height } = points.value
    return { width: toPixels(width, resolution), height: toPixels(height, resolution) }
  })
  /** The figure of the screen as a whole, by the command of that name; null: it has none. */
  const offer = shallowRef<(() => FigureSource | null) | null>(null)
  let newest = 0

  /** Shows how the figure can leave the window. */
  function open(figure: FigureSource): void {
    source.value = figure
    options.value = { ...settings.settings.figure }
    if (figure.csv === null && options.value.format === 'csv') options.value.format = 'png'
    screen.dialog = 'figure'
  }

  function choose(preset: FigurePreset): void {
    const { width, height, textSize, resolution } = figurePresets[preset]
    Object.assign(options.value, { width, height, textSize, resolution })
  }

  async function draw(): Promise<void> {
    const asked = ++newest
    const { width, height, textSize } = options.value
    try {
      const size = { width: toPoints(width), height: height === null ? null : toPoints(height), textSize }
      const drawn = await source.value?.svg(size)
      if (asked !== newest) return
      svg.value = drawn ?? null
      problem.value = ''
    } catch (thrown) {
      if (asked !== newest) return
      svg.value = null
      problem.value = sentence(toLabErrorData(thrown))
    }
  }

  watch(
    () => [isOpen.value, source.value, options.value.width, options.value.height, options.value.textSize] as const,
    ([opened]) => {
      newest += 1
      if (opened && isValid.value) void draw()
      else if (!opened) [svg.value, source.value] = [null, null]
    }
  )

  return { offer, source, options, svg, problem, isValid, points, pixels, open, choose }
})
