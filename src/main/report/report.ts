// The report of a run as a PDF: puts the blocks onto A4 pages and finishes the file. draw-in-thread.ts has it drawn.
import { createCanvas, PDFDocument } from '@napi-rs/canvas'
import { CLONE_PROGRAM } from '@shared/command-line'
import type { Probes } from '@shared/contract'
import { epochsDone, type RunFile } from '@shared/run'
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
  probes: Probes
  /** Reconstructions after the last complete epoch, [models × 20 × pixels of an image] uint8; empty before the first. */
  digits: Uint8Array
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
  return finishReport(document.close(), bookmarksOf(pages), input.file)
}

function blocksOf({ file, probes, digits }: ReportInput, program: string): Block[] {
  const measure = prepare(createCanvas(1, 1).getContext('2d'))
  const trained = epochsDone(file) > 0
  const compared = trained && file.experiment.varied.values.length > 1
  const gallery = { file, probes, digits }
  return [
    summaryBlock(measure, file),
    ...modelTableBlocks(measure, file),
    ...(trained ? [overlaidBlock(file)] : []),
    ...(compared ? [...lossGridBlocks(file), factorBlock(file)] : []),
    ...galleryBlocks({ ...gallery, firstProbe: 0, title: 'The first ten test digits' }),
    ...galleryBlocks({ ...gallery, firstProbe: 10, title: 'The first of each class' }),
    entriesBlock(measure, 'Recipe', recipe(file, program)),
    entriesBlock(measure, 'Machine and data', provenance(file)),
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
