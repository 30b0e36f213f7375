// The report's first lines: what the run is called, what was asked, and the answer in a sentence.
import { factorName } from '@shared/charts/factor'
import { imageWord, meanName, namedBounds } from '@shared/dataset'
import { devicesLabel } from '@shared/devices'
import { epochsOf, lossOf, trainImages, valueLabel, valuesOf } from '@shared/experiment'
import { capital, formatCount, formatCountInWords, formatDateUtc, formatDuration, formatPlural } from '@shared/format'
import { hyperparameters } from '@shared/hyperparameters'
import { insight } from '@shared/insight'
import { insightText, type InsightPart } from '@shared/insight-words'
import { areAllTrained, epochsDone, type RunFile, type RunState } from '@shared/run'
import { differInWidth, seriesOf } from '@shared/series'
import { sentence } from '@shared/errors'
import { lossNames } from './recipe'

const WILL_CHANGE = 'later epochs will change these figures'

/** The day the run ended, or started where it has not; in UTC like all dates of the report, which may be read anywhere. */
export function runDate(file: RunFile): string {
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

export function answer(file: RunFile, state: RunState): InsightPart[] {
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

/** The question, and by what it is answered. */
export function question(file: RunFile): string {
  const { experiment, dataset } = file
  const asked =
    differInWidth(experiment) && experiment.varied.values.length > 1
      ? 'How wide must an autoencoder’s bottleneck be?'
      : capital(shortQuestion(file))
  return (
    `${asked} The measure is the gap that a model closes in ${lossNames[lossOf(experiment)]} between two bounds: ` +
    `answering every ${imageWord(dataset)} with the ${meanName(dataset)}, and a perfect copy.`
  )
}

/** What was varied, and on what the models were trained. */
export function whatWasVaried(file: RunFile): string {
  const { experiment, dataset } = file
  const pixels = formatCount(dataset.rows * dataset.columns)
  const codes = new Set(seriesOf(file).map(({ codeUnits }) => codeUnits))
  const isSmaller = [...codes].every((units) => units < dataset.rows * dataset.columns)
  const drawn = isSmaller ? `squeezed from ${pixels} pixels to` : `turned from ${pixels} pixels into`
  const code = codes.size === 1 ? [...codes][0] : hyperparameters[experiment.varied.key].symbol
  return (
    `${capital(who(file))} ${dataset.title}: ${formatCount(trainImages(experiment))} training ${imageWord(dataset)}s, ` +
    `each ${drawn} ${code} ${code === 1 ? 'number' : 'numbers'} and drawn again from them.`
  )
}

/** The subject of the sentence and its verb. */
function who(file: RunFile): string {
  const { experiment, models } = file
  const { varied, seeds } = experiment
  const isTrained = epochsDone(file) > 0
  const { affects } = hyperparameters[varied.key]
  const [only] = valuesOf(experiment)
  if (varied.values.length === 1 && only !== undefined) {
    const count = seeds.length === 1 ? 'one autoencoder' : `${formatCountInWords(seeds.length)} autoencoders`
    const verb = seeds.length === 1 ? 'was' : 'were'
    return `${count} with ${valueLabel(varied.key, only)} ${verb} ${isTrained ? 'trained' : 'to be trained'} on`
  }
  const name = factorName(experiment)
  const but = seeds.length > 1 ? `their ${name} and their seed` : `their ${name}`
  const isSameBatches = (affects === 'shape' || affects === 'update') && seeds.length === 1
  const trained = isSameBatches ? 'saw the same batches of' : 'were trained on'
  const saw = isTrained ? trained : 'were to be trained on'
  return `${formatCountInWords(models.length)} autoencoders that differ in nothing but ${but} ${saw}`
}
