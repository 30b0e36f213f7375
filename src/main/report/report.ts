// The report of a run as a PDF: puts the blocks onto A4 pages and finishes the file. report-process.ts draws it.
import { imageWord } from '@shared/dataset'
import { createCanvas, PDFDocument } from '@napi-rs/canvas'
import { CLONE_PROGRAM } from '@shared/command-line'
import type { Probes } from '@shared/contract'
import { epochsDone, type RunFile, type RunState } from '@shared/run'
import { entriesBlock } from './entries'
import { factorBlock, lossGridBlocks, overlaidBlock } from './figures'
import { finishReport, type Bookmark } from './finish'
import { registerFonts } from './fonts'
import { galleryBlocks } from './gallery'
import { paginate, type Block, type PlacedBlock } from './layout'
import { modelTableBlocks } from './model-table'
import { A4, CONTENT_HEIGHT, CONTENT_WIDTH, MARGIN, prepare, shorten, styles, write, type Paper } from './paper'
import { definitions, provenance } from './provenance'
import { recipe } from './recipe'
import { summaryBlock } from './summary'

export interface ReportInput {
  file: RunFile
  /** What the run is doing, which its file alone does not say. */
  state: RunState
  probes: Probes
  /** Reconstructions after the last complete epoch, [models × 20 × pixels of an image] uint8; empty before the first, and where `missing` says why. */
  digits: Uint8Array
  /** Why there are no reconstructions of trained models, as a sentence; else empty. */
  missing?: string
}

const BLOCK_SPACE = 14

/** Takes about a second of the thread. `program` begins the command that repeats the run. */
export async function drawReport(input: ReportInput, program = CLONE_PROGRAM): Promise<Uint8Array> {
  await registerFonts()
  const pages = paginate(blocksOf(input, program), MARGIN.top, CONTENT_HEIGHT, BLOCK_SPACE)
  const document = new PDFDocument()
  pages.forEach((page, index) => {
    const paper = prepare(document.beginPage(A4.width, A4.height) as Paper) // its declared type lacks drawImage, it does not
    for (const { block, top, height } of page)
      block.draw(paper, { left: MARGIN.left, top, width: CONTENT_WIDTH, height })
    writeFooter(paper, input.file, `${index + 1} of ${pages.length}`)
    document.endPage()
  })
  return finishReport(document.close(), bookmarksOf(pages), input.file, input.state)
}

/** MNIST has ten classes, of which each is shown once; another set may have more or fewer. */
const classesTitle = ({ dataset: { classes } }: RunFile) =>
  (classes?.length ?? 10) === 10 ? 'The first of each class' : 'One after another of each class'

function blocksOf({ file, state, probes, digits, missing = '' }: ReportInput, program: string): Block[] {
  const measure = prepare(createCanvas(1, 1).getContext('2d'))
  const trained = epochsDone(file) > 0
  const compared = trained && file.experiment.varied.values.length > 1
  const gallery = { file, probes, digits, missing }
  return [
    summaryBlock(measure, file, state),
    ...modelTableBlocks(measure, file),
    ...(trained ? [overlaidBlock(file)] : []),
    ...(compared ? [...lossGridBlocks(file), factorBlock(file)] : []),
    ...galleryBlocks({ ...gallery, firstProbe: 0, title: `The first ten test ${imageWord(file.dataset)}s` }),
    ...galleryBlocks({ ...gallery, firstProbe: 10, title: classesTitle(file) }),
    entriesBlock(measure, 'Recipe', recipe(file, program)),
    entriesBlock(measure, 'Machine and data', provenance(file, state)),
    entriesBlock(measure, 'How it was measured', definitions(file))
  ]
}

function writeFooter(paper: Paper, { experiment, id }: RunFile, page: string): void {
  const y = A4.height - 28
  const name = shorten(paper, `${experiment.name} · ${id}`, CONTENT_WIDTH - 60, styles.caption)
  write(paper, name, MARGIN.left, y, styles.caption)
  write(paper, page, A4.width - MARGIN.right, y, { ...styles.caption, align: 'right' })
}

function bookmarksOf(pages: PlacedBlock[][]): Bookmark[] {
  return pages.flatMap((page, index) =>
    page.map(({ block, top }) => ({ title: block.title, page: index, top: top - 8 }))
  )
}
