// The board's gallery as a figure: the ten test images on show, by the models that are selected, after the epoch looked at.
import type { Ref } from 'vue'
import { galleryFigure } from '../../figures/gallery-figure'
import type { FigureSource } from '../../figures/figure'
import { useRunStore } from '../../stores/run-store'
import { useShownSeries } from '../shown-series'
import type { EpochDigits } from './board-row'

/** Answers with the function that makes the figure; null before there are images. */
export function useGalleryFigure(
  firstDigit: Readonly<Ref<number>>,
  digits: Readonly<Ref<EpochDigits | null>>
): () => FigureSource | null {
  const run = useRunStore()
  const shown = useShownSeries()

  return () => {
    const { file, probes, series, lastEpoch } = run
    if (!file || !probes || !digits.value) return null
    const { epoch, pixels } = digits.value
    const gallery = { file, probes, series, shown: shown.value, first: firstDigit.value }
    return galleryFigure(gallery, { epoch, last: lastEpoch, digits: pixels })
  }
}
