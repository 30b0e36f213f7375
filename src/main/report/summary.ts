// The report's first lines: what the run is called, what was asked, and the answer in a sentence.
import { seriesColours } from '@shared/charts/theme'
import { devicesLabel } from '@shared/devices'
import { formatCount, formatCountInWords, formatDate, formatDuration, formatPlural } from '@shared/format'
import { insight, insightText, type InsightPart } from '@shared/insight'
import { epochsDone, type RunFile } from '@shared/run'
import { sentence } from '@shared/errors'
import type { Block } from './layout'
import {
  baseline,
  CONTENT_WIDTH,
  lineHeight,
  paperTheme,
  paragraphHeight,
  styles,
  widthOf,
  write,
  writeParagraph,
  type Paper,
  type TextStyle
} from './paper'

const KICKER = 26
const GAP = 8

export function summaryBlock(measure: Paper, file: RunFile): Block {
  const { experiment } = file
  const answerLines = wrapAnswer(measure, file)
  const stood = standing(file)
  const height = (text: string, style: TextStyle) => paragraphHeight(measure, text, CONTENT_WIDTH, style)
  return {
    title: 'Question and answer',
    growth: 0,
    height:
      KICKER +
      height(experiment.name, styles.title) +
      height(stood, styles.quiet) +
      2 * GAP +
      height(question(file), styles.body) +
      GAP +
      answerLines.length * lineHeight(styles.answer),
    draw(paper, { left, top, width }) {
      write(paper, 'Bottleneck Lab · report', left, top + 7, styles.caption)
      write(paper, runDate(file), left + width, top + 7, { ...styles.caption, align: 'right' })
      let y = top + KICKER
      y += writeParagraph(paper, experiment.name, { left, top: y, width }, styles.title)
      y += writeParagraph(paper, stood, { left, top: y, width }, styles.quiet) + 2 * GAP
      y += writeParagraph(paper, question(file), { left, top: y, width }, styles.body) + GAP
      const colours = seriesColours(paperTheme, file.models.length)
      answerLines.forEach((line, index) =>
        writeAnswerLine(paper, line, left, baseline(y, index, styles.answer), colours)
      )
    }
  }
}

/** The day the run ended, or began where it has not. */
export function runDate(file: RunFile): string {
  return formatDate(new Date(file.endedAt ?? file.createdAt))
}

/** In one line: whether the run ended, where it stood, on what it ran; then why it failed, if it did. */
export function standing(file: RunFile): string {
  const { epochs } = file.experiment
  const done = epochsDone(file)
  const at = `at epoch ${formatCount(done)} of ${formatCount(epochs)}`
  const states = {
    finished: `Finished: ${formatPlural(done, 'epoch')}`,
    stopped: `Stopped ${at}: not the whole recipe`,
    failed: `Failed ${at}: not the whole recipe`,
    running: `Still training, ${at}: later epochs will change these figures`
  }
  const reason = file.status === 'failed' && file.error ? ` ${sentence(file.error)}` : ''
  return `${states[file.status]}. Trained for ${formatDuration(file.seconds)} on the ${devicesLabel(file)}.${reason}`
}

/** The answer as plain text. */
export function answerText(file: RunFile): string {
  return insightText(answer(file))
}

function answer(file: RunFile): InsightPart[] {
  const epoch = epochsDone(file)
  return insight({
    latentDims: file.models.map((model) => model.latentDim),
    valLoss: file.models.map((model) => model.history.valLoss[epoch - 1] ?? null),
    bounds: file.bounds,
    epoch,
    latestEpoch: epoch,
    state: file.status
  })
}

function question({ experiment, models, dataset }: RunFile): string {
  const several = models.length > 1
  const who = several
    ? `${formatCountInWords(models.length)} autoencoders that differ in nothing but their latent dimension d saw the same batches of ${dataset.title}`
    : `one autoencoder with the latent dimension ${models[0]?.latentDim ?? 0} was trained on ${dataset.title}`
  return (
    `How wide must an autoencoder’s bottleneck be? To see, ${who}: ${formatCount(experiment.trainLimit)} training digits, ` +
    `each squeezed from 784 pixels to d numbers (${experiment.activation}) and drawn again from them. ` +
    `The measure is the gap that a model closes between two bounds: answering every digit with the mean digit, and a perfect copy.`
  )
}

/** The answer's parts broken into words, since names of models have a colour of their own. */
type Word = { text: string; rank: number | null }

function wrapAnswer(measure: Paper, file: RunFile): Word[][] {
  const lines: Word[][] = [[]]
  let used = 0
  for (const word of answer(file).flatMap(wordsOf)) {
    const width = widthOf(measure, word.text, styleOf(word))
    if (used + width > CONTENT_WIDTH && word.text.trim() !== '') {
      lines.push([])
      used = 0
    }
    lines[lines.length - 1]?.push(word)
    used += width
  }
  return lines
}

function wordsOf(part: InsightPart): Word[] {
  if ('dim' in part) return [{ text: `d\u00a0=\u00a0${part.dim}`, rank: part.rank }]
  return part.text
    .split(/(?<= )|(?= )/)
    .filter((text) => text !== '')
    .map((text) => ({ text, rank: null }))
}

function styleOf({ rank }: Word): TextStyle {
  return rank === null ? styles.answer : { ...styles.answer, weight: 700 }
}

function writeAnswerLine(paper: Paper, line: Word[], left: number, y: number, colours: string[]): void {
  let x = left
  for (const word of line) {
    const style = styleOf(word)
    const colour = word.rank === null ? style.colour : (colours[word.rank] ?? style.colour)
    x += write(paper, word.text, x, y, { ...style, colour })
  }
}
