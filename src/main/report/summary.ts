// The report's first lines: what the run is called, what was asked, and the answer in a sentence.
import { seriesColours } from '@shared/charts/theme'
import { devicesLabel } from '@shared/devices'
import { epochsOf, lossOf, trainImages, valueLabel, valuesOf } from '@shared/experiment'
import { formatCount, formatCountInWords, formatDate, formatDuration, formatPlural } from '@shared/format'
import { hyperparameters } from '@shared/hyperparameters'
import { insight, insightText, type InsightPart } from '@shared/insight'
import { epochsDone, type RunFile } from '@shared/run'
import { differInWidth, seriesOf } from '@shared/series'
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
import { lossNames } from './recipe'

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
      const colours = seriesColours(paperTheme, file.experiment.varied.values.length)
      answerLines.forEach((line, index) =>
        writeAnswerLine(paper, line, left, baseline(y, index, styles.answer), colours)
      )
    }
  }
}

/** The day the run ended, or started where it has not. */
function runDate(file: RunFile): string {
  return formatDate(new Date(file.endedAt ?? file.createdAt))
}

/** In one line: whether the run ended, where it stood, on what it ran; then why it failed, if it did. */
export function standing(file: RunFile): string {
  const epochs = epochsOf(file.experiment)
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
    series: seriesOf(file),
    differInWidth: differInWidth(file.experiment),
    bounds: file.bounds,
    epoch,
    latestEpoch: epoch,
    state: file.status
  })
}

/** What is asked, as a title ends with it. */
export function shortQuestion({ experiment }: RunFile): string {
  if (differInWidth(experiment)) return 'how wide must the bottleneck be?'
  return `what changes with the ${hyperparameters[experiment.varied.key].label.toLowerCase()}?`
}

function question(file: RunFile): string {
  const { experiment, dataset } = file
  const asked = differInWidth(experiment)
    ? 'How wide must an autoencoder’s bottleneck be?'
    : capital(shortQuestion(file))
  const pixels = formatCount(dataset.rows * dataset.columns)
  const codes = new Set(seriesOf(file).map(({ codeUnits }) => codeUnits))
  const code = codes.size === 1 ? [...codes][0] : hyperparameters[experiment.varied.key].symbol
  return (
    `${asked} To see, ${who(file)} ${dataset.title}: ${formatCount(trainImages(experiment))} training digits, ` +
    `each squeezed from ${pixels} pixels to ${code} ${code === 1 ? 'number' : 'numbers'} and drawn again from them. The measure is the gap that a model ` +
    `closes in ${lossNames[lossOf(experiment)]} between two bounds: answering every digit with the mean digit, and a perfect copy.`
  )
}

/** The subject of the sentence and its verb. */
function who({ experiment, models }: RunFile): string {
  const { varied, seeds } = experiment
  const { label, symbol, affects } = hyperparameters[varied.key]
  const [only] = valuesOf(experiment)
  if (varied.values.length === 1 && only !== undefined) {
    const count = seeds.length === 1 ? 'one autoencoder' : `${formatCountInWords(seeds.length)} autoencoders`
    return `${count} with ${valueLabel(varied.key, only)} ${seeds.length === 1 ? 'was' : 'were'} trained on`
  }
  const name = symbol.length === 1 ? `${label.toLowerCase()} ${symbol}` : label.toLowerCase()
  const but = seeds.length > 1 ? `their ${name} and their seed` : `their ${name}`
  const isSameBatches = (affects === 'shape' || affects === 'update') && seeds.length === 1
  const saw = isSameBatches ? 'saw the same batches of' : 'were trained on'
  return `${formatCountInWords(models.length)} autoencoders that differ in nothing but ${but} ${saw}`
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

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
  if ('label' in part) return [{ text: part.label, rank: part.rank }]
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
