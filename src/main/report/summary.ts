// The report's first lines: what the run is called, what was asked, and the answer in a sentence.
import { imageWord, meanName, namedBounds } from '@shared/dataset'
import { seriesColours } from '@shared/charts/theme'
import { devicesLabel } from '@shared/devices'
import { epochsOf, lossOf, trainImages, valueLabel, valuesOf } from '@shared/experiment'
import { capital, formatCount, formatCountInWords, formatDateUtc, formatDuration, formatPlural } from '@shared/format'
import { hyperparameters, isOrdered } from '@shared/hyperparameters'
import { insight } from '@shared/insight'
import { insightText, type InsightPart } from '@shared/insight-words'
import { areAllTrained, epochsDone, type RunFile, type RunState } from '@shared/run'
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
const WILL_CHANGE = 'later epochs will change these figures'

export function summaryBlock(measure: Paper, file: RunFile, state: RunState): Block {
  const { experiment } = file
  const answerLines = wrapAnswer(measure, file, state)
  const stood = standing(file, state)
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
      const colours = seriesColours(
        paperTheme,
        file.experiment.varied.values.length,
        isOrdered(file.experiment.varied.key)
      )
      answerLines.forEach((line, index) =>
        writeAnswerLine(paper, line, left, baseline(y, index, styles.answer), colours)
      )
    }
  }
}

/** The day the run ended, or started where it has not; in UTC like all dates of the report, which may be read anywhere. */
function runDate(file: RunFile): string {
  return `${formatDateUtc(new Date(file.endedAt ?? file.createdAt))} (UTC)`
}

/** In one line: whether the run has ended, where it stands, on what it ran; then why it failed, if it did: what to do about it is not for the report's reader. */
export function standing(file: RunFile, state: RunState): string {
  const epochs = epochsOf(file.experiment)
  const done = epochsDone(file)
  const at = `at epoch ${formatCount(done)} of ${formatCount(epochs)}`
  const isWhole = areAllTrained(file)
  const short = isWhole ? '' : ': not the whole recipe'
  const upTo = file.experiment.base.epochs === undefined && file.experiment.varied.values.length > 1 ? 'up to ' : ''
  const training = isWhole ? 'All epochs are trained, and not measured yet' : `Still training, ${at}: ${WILL_CHANGE}`
  const states: Record<RunState, string> = {
    queued: isWhole ? 'All epochs are trained, and wait to be measured' : `Waiting to train, ${at}: ${WILL_CHANGE}`,
    preparing: training,
    running: training,
    paused: isWhole ? training : `Paused ${at}: ${WILL_CHANGE}`,
    stopping: isWhole ? training : `Being stopped ${at}${short}`,
    finishing: training,
    finished: `Finished: ${upTo}${formatPlural(done, 'epoch')}`,
    stopped: `Stopped ${at}${short}`,
    failed: `Failed ${at}${short}`,
    interrupted: isWhole ? 'Interrupted after all epochs, before they were measured' : `Interrupted ${at}${short}`
  }
  const reason = state === 'failed' && file.error ? ` ${sentence({ ...file.error, remedy: '' })}` : ''
  return `${states[state]}. Trained for ${formatDuration(file.seconds)} on the ${devicesLabel(file)}.${reason}`
}

/** The answer as plain text. */
export function answerText(file: RunFile, state: RunState): string {
  return insightText(answer(file, state))
}

function answer(file: RunFile, state: RunState): InsightPart[] {
  const epoch = epochsDone(file)
  return insight({
    series: seriesOf(file),
    differInWidth: differInWidth(file.experiment),
    bounds: namedBounds(file),
    epoch,
    latestEpoch: epoch,
    state
  })
}

/** What is asked, as a title ends with it. */
export function shortQuestion({ experiment }: RunFile): string {
  const [only, ...others] = valuesOf(experiment)
  if (only !== undefined && others.length === 0)
    return `how near does ${valueLabel(experiment.varied.key, only)} come to a perfect copy?`
  if (differInWidth(experiment)) return 'how wide must the bottleneck be?'
  return `what changes with the ${hyperparameters[experiment.varied.key].label.toLowerCase()}?`
}

/** The question and how it was put to the test, as the report begins. */
export function question(file: RunFile): string {
  const { experiment, dataset } = file
  const asked =
    differInWidth(experiment) && experiment.varied.values.length > 1
      ? 'How wide must an autoencoder’s bottleneck be?'
      : capital(shortQuestion(file))
  const pixels = formatCount(dataset.rows * dataset.columns)
  const codes = new Set(seriesOf(file).map(({ codeUnits }) => codeUnits))
  const isSmaller = [...codes].every((units) => units < dataset.rows * dataset.columns)
  const drawn = isSmaller ? `squeezed from ${pixels} pixels to` : `turned from ${pixels} pixels into`
  const code = codes.size === 1 ? [...codes][0] : hyperparameters[experiment.varied.key].symbol
  return (
    `${asked} To see, ${who(file)} ${dataset.title}: ${formatCount(trainImages(experiment))} training ${imageWord(dataset)}s, ` +
    `each ${drawn} ${code} ${code === 1 ? 'number' : 'numbers'} and drawn again from them. The measure is the gap that a model ` +
    `closes in ${lossNames[lossOf(experiment)]} between two bounds: answering every ${imageWord(dataset)} with the ${meanName(dataset)}, and a perfect copy.`
  )
}

/** The subject of the sentence and its verb. */
function who(file: RunFile): string {
  const { experiment, models } = file
  const { varied, seeds } = experiment
  const isTrained = epochsDone(file) > 0
  const { label, symbol, affects } = hyperparameters[varied.key]
  const [only] = valuesOf(experiment)
  if (varied.values.length === 1 && only !== undefined) {
    const count = seeds.length === 1 ? 'one autoencoder' : `${formatCountInWords(seeds.length)} autoencoders`
    const verb = seeds.length === 1 ? 'was' : 'were'
    return `${count} with ${valueLabel(varied.key, only)} ${verb} ${isTrained ? 'trained' : 'to be trained'} on`
  }
  const name = symbol.length === 1 ? `${label.toLowerCase()} ${symbol}` : label.toLowerCase()
  const but = seeds.length > 1 ? `their ${name} and their seed` : `their ${name}`
  const isSameBatches = (affects === 'shape' || affects === 'update') && seeds.length === 1
  const trained = isSameBatches ? 'saw the same batches of' : 'were trained on'
  const saw = isTrained ? trained : 'were to be trained on'
  return `${formatCountInWords(models.length)} autoencoders that differ in nothing but ${but} ${saw}`
}

/** The answer's parts broken into words, since names of models have a colour of their own. */
type Word = { text: string; rank: number | null }

function wrapAnswer(measure: Paper, file: RunFile, state: RunState): Word[][] {
  const lines: Word[][] = [[]]
  let used = 0
  for (const word of answer(file, state).flatMap(wordsOf)) {
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
