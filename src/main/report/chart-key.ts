// What stands in the line of a chart's heading: what its lines, bands and ranges are.
import { bandText, seriesOf, trainingKey } from '@shared/series'
import type { RunFile } from '@shared/run'
import { paperTheme, styles, widthOf, write, type Box, type Paper } from './paper'

/** What stands small behind a heading. */
export function writeAside(paper: Paper, heading: string, text: string, { left, top }: Box): void {
  write(paper, text, left + widthOf(paper, heading, styles.heading) + 8, top + 18, styles.caption)
}

/** `— validation  -- training  ▒ min–max of 3 seeds` at the right end of a heading. */
export function writeLineKey(paper: Paper, file: RunFile, box: Box): void {
  const { strokes } = paperTheme
  const training = trainingKey(seriesOf(file), file.experiment)
  writeKey(
    paper,
    [
      { name: 'validation', draw: drawLine(strokes.validation, []) },
      ...(training ? [{ name: training, draw: drawLine(strokes.train, strokes.trainDash) }] : []),
      ...seedsKey(file, drawBand)
    ],
    box
  )
}

/** A key's sign is drawn from `left` on, SIGN wide, around the height `y`. */
interface KeyEntry {
  name: string
  draw: (paper: Paper, left: number, y: number) => void
}
const SIGN = 16

/** What the lines at the points of means are, at the right end of a heading; nothing of a single seed. */
export function writeRangeKey(paper: Paper, file: RunFile, box: Box): void {
  writeKey(paper, seedsKey(file, drawRange), box)
}

/** What bands or ranges over seeds are; nothing of a single seed. */
function seedsKey(file: RunFile, draw: KeyEntry['draw']): KeyEntry[] {
  const name = bandText(seriesOf(file), 'range')
  return name === null ? [] : [{ name, draw }]
}

function writeKey(paper: Paper, entries: readonly KeyEntry[], { left, top, width }: Box): void {
  let right = left + width
  for (const { name, draw } of [...entries].reverse()) {
    write(paper, name, right, top + 18, { ...styles.caption, align: 'right' })
    right -= widthOf(paper, name, styles.caption) + 4 + SIGN
    draw(paper, right, top + 15.5)
    right -= 10
  }
}

function drawLine(lineWidth: number, dash: readonly number[]): KeyEntry['draw'] {
  return (paper, left, y) => {
    paper.setLineDash([...dash])
    strokeKey(paper, lineWidth, [left, y, left + SIGN, y])
    paper.setLineDash([]) // else text would be dashed too
  }
}

function drawBand(paper: Paper, left: number, y: number): void {
  paper.fillStyle = paperTheme.line
  paper.fillRect(left, y - 3, SIGN, 6)
}

/** As seedRanges (shared/charts) draws it. */
function drawRange(paper: Paper, left: number, y: number): void {
  const middle = left + SIGN / 2
  const foot = paperTheme.strokes.validation
  const lineWidth = paperTheme.strokes.bound
  strokeKey(paper, lineWidth, [middle, y - 4, middle, y + 4])
  for (const end of [y - 4, y + 4]) strokeKey(paper, lineWidth, [middle - foot, end, middle + foot, end])
}

function strokeKey(paper: Paper, lineWidth: number, [x, y, toX, toY]: [number, number, number, number]): void {
  paper.beginPath()
  paper.moveTo(x, y)
  paper.lineTo(toX, toY)
  paper.lineWidth = lineWidth
  paper.strokeStyle = paperTheme.text2
  paper.stroke()
}
