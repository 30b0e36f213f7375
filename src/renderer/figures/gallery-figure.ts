// The gallery of a run after an epoch as a figure: for slides, papers and tables.
import { galleryCsv, gallerySvg } from '@shared/charts/gallery-svg'
import { hyperparameters } from '@shared/hyperparameters'
import { epochOfAll, imagesWord, runGallery, type ShownRun } from '../run-gallery'
import { epochName, probeName } from '../components/probes'
import { textWidth } from './chart-source'
import type { FigureSource } from './figure'

/** `digits`: all models' probes after `epoch` [models × 20 × pixels of an image] uint8. */
export function galleryFigure(
  run: ShownRun,
  { epoch, last, digits }: { epoch: number; last: number; digits: Uint8Array }
): FigureSource {
  const { file, probes, first } = run
  const { name, varied } = file.experiment
  const title = `Test ${imagesWord(file)} and their reconstructions`
  const gallery = runGallery(run, digits, { title: `${title} · ${name}`, aside: epochOfAll(epoch, last) })
  const images = gallery.labels.map((_, column) => probeName(probes, first, column, file.dataset))
  return {
    title: `${title}, ${epochName(epoch)} · ${name}`,
    stem: `${name}, reconstructions, ${epochName(epoch)}`,
    svg: (size) => gallerySvg(gallery, { ...size, measure: textWidth }),
    csv: () => galleryCsv(gallery, images, hyperparameters[varied.key].label)
  }
}
