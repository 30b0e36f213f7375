// The gallery of a run after an epoch as a figure: for slides, papers and tables.
import { galleryCsv, gallerySvg } from '@shared/charts/gallery-svg'
import type { MeasureText } from '@shared/charts/svg-context'
import { hyperparameters } from '@shared/hyperparameters'
import { probeName } from '../components/probes'
import { epochOfAll, imagesWord, runGallery, type ShownRun } from '../animation/run-gallery'
import type { FigureSource } from './figure'

/** `digits`: all models' probes after `epoch` [models × 20 × pixels of an image] uint8. */
export function galleryFigure(
  run: ShownRun,
  { epoch, last, digits }: { epoch: number; last: number; digits: Uint8Array },
  measure: MeasureText
): FigureSource {
  const { file, probes, first } = run
  const word = imagesWord(file)
  const title = `Test ${word} and their reconstructions`
  const gallery = runGallery(run, digits, { title, aside: epochOfAll(epoch, last) })
  const when = epoch === 0 ? 'untrained' : `epoch ${epoch}`
  const names = gallery.labels.map((_, column) => probeName(probes, first, column, file.dataset))
  return {
    title: `${title}, ${when}`,
    stem: `${file.experiment.name}, reconstructions, ${when}`,
    svg: (size) => gallerySvg(gallery, { ...size, measure }),
    csv: () => galleryCsv(gallery, names, hyperparameters[file.experiment.varied.key].label)
  }
}
