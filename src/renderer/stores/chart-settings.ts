// How the loss charts of all views are drawn: view, axes, smoothing, bands, and the part of the epochs on show.
import { computed, ref, type Ref } from 'vue'
import type { XAxis } from '@shared/charts/x-axis'
import { MOST_SMOOTHING } from '@shared/smoothing'
import type { BandKind } from '@shared/series'

/** Fewest epochs that a zoomed chart shows. */
const FEWEST = 2
/** What one key press, or one notch of a wheel, leaves of the epochs on show. */
const CLOSER = 0.7

/** Of a run with so many complete epochs, whose times may be known or not; keys zoom about the epoch looked at. */
export function createChartSettings(
  lastEpoch: Readonly<Ref<number>>,
  epoch: Readonly<Ref<number>>,
  hasTimes: Readonly<Ref<boolean>>
) {
  const chartView = ref<'rows' | 'overlaid'>('rows')
  const scale = ref<'linear' | 'log'>('linear')
  const xWanted = ref<XAxis['unit']>('epoch')
  /** Epochs where times are wanted and not known. */
  const xUnit = computed<XAxis['unit']>({
    get: () => (xWanted.value === 'time' && !hasTimes.value ? 'epoch' : xWanted.value),
    set: (unit) => (xWanted.value = unit)
  })
  const xScale = ref<XAxis['scale']>('linear')
  const bandKind = ref<BandKind>('range')
  const zoom = ref<XAxis['zoom']>(null)
  const strength = ref(0)

  /** 0, as at first: lines as they are; up to MOST_SMOOTHING. */
  const smoothing = computed({
    get: () => strength.value,
    set: (wanted: number) => {
      strength.value = Math.min(MOST_SMOOTHING, Math.max(0, wanted))
    }
  })
  const xAxis = computed<XAxis>(() => ({ unit: xUnit.value, scale: xScale.value, first: 0, zoom: zoom.value }))

  /** Shows these epochs alone, of those that there are; all of them shows all that are to come as well. */
  function zoomTo(from: number, to: number): void {
    const [least, most] = [Math.min(from, to), Math.max(from, to)]
    const length = Math.max(FEWEST, most - least)
    const first = Math.max(0, Math.min(least, lastEpoch.value - length))
    const last = Math.min(lastEpoch.value, first + length)
    zoom.value = last - first >= lastEpoch.value || last - first < FEWEST ? null : { from: first, to: last }
  }

  /** Closer (above 0) or farther, by so many notches, about an epoch that keeps its place. */
  function zoomBy(notches: number, about = epoch.value): void {
    const { from, to } = zoom.value ?? { from: 0, to: lastEpoch.value }
    const factor = CLOSER ** notches
    zoomTo(about - (about - from) * factor, about + (to - about) * factor)
  }

  function resetZoom(): void {
    zoom.value = null
  }

  function toggleView(): void {
    chartView.value = chartView.value === 'rows' ? 'overlaid' : 'rows'
  }

  function toggleScale(): void {
    scale.value = scale.value === 'linear' ? 'log' : 'linear'
  }

  return {
    chartView,
    scale,
    xUnit,
    xScale,
    bandKind,
    smoothing,
    xAxis,
    zoom,
    zoomTo,
    zoomBy,
    resetZoom,
    toggleView,
    toggleScale
  }
}
