// What is shown while a run trains: a bar on a terminal, a line an epoch in a pipe, JSON lines for programs.
import type { EpochEnded } from '@shared/contract'
import { epochsOf, lossOf, modelsOf, nameOfModel, valueLabel, valuesOf, type Experiment } from '@shared/experiment'
import { formatEstimate, formatLoss } from '@shared/format'
import { mean } from '@shared/metrics'
import { plainJson } from '@shared/plain-text'
import { isPaceKnown, type StepProgress } from '@shared/run'
import type { CliHost, Output } from './host'

export interface ProgressReporter {
  stepProgress(progress: StepProgress): void
  epochEnded(epoch: EpochEnded): void
  /** Something the user should know now, such as that Ctrl-C was heard. */
  note(sentence: string): void
  /** Leaves the terminal as it was; nothing is reported after it. */
  close(): void
}

const BAR_WIDTH = 24
const DEFAULT_COLUMNS = 80
const CLEAR_LINE = '\r\u001b[2K'

/** The reporter that fits the streams: JSON on stdout, else a bar where stderr is a terminal, else plain lines on stderr. */
export function progressReporter(host: CliHost, experiment: Experiment, json: boolean): ProgressReporter {
  if (json) return jsonReporter(host.stdout, experiment)
  return host.stderr.isTTY ? barReporter(host.stderr, experiment) : plainReporter(host.stderr, experiment)
}

/** `epoch` events, one object a line. Losses that are no number become null. */
function jsonReporter(stdout: Output, experiment: Experiment): ProgressReporter {
  const startedAt = performance.now()
  const epochs = epochsOf(experiment)
  const ids = modelsOf(experiment, 1).map(({ id }) => id) // whatever the images' size
  return {
    stepProgress: () => undefined,
    epochEnded({ epoch, trainLoss, valLoss }) {
      const models = ids.map((id, index) => ({
        id,
        name: nameOfModel(id),
        trainLoss: trainLoss[index],
        valLoss: valLoss[index]
      }))
      const elapsedSeconds = Math.round(performance.now() - startedAt) / 1000
      writeJsonLine(stdout, { event: 'epoch', epoch, epochs, elapsedSeconds, models })
    },
    note: () => undefined,
    close: () => undefined
  }
}

export function writeJsonLine(output: Output, line: object): void {
  output.write(`${plainJson(line)}\n`)
}

function plainReporter(stderr: Output, experiment: Experiment): ProgressReporter {
  let latest: StepProgress | null = null
  const epochs = epochsOf(experiment)
  return {
    stepProgress(progress) {
      latest = progress
    },
    epochEnded(epoch) {
      const count = `epoch ${String(epoch.epoch).padStart(String(epochs).length)}/${epochs}`
      stderr.write(`${count}  ${losses(experiment, epoch)}${timeLeft(latest, epoch.epoch, epochs)}\n`)
    },
    note: (sentence) => stderr.write(`${sentence}\n`),
    close: () => undefined
  }
}

function timeLeft(latest: StepProgress | null, epoch: number, epochs: number): string {
  if (!latest || !isPaceKnown(latest) || epoch === epochs) return ''
  return `  ${formatEstimate(latest.secondsLeft)} left`
}

/** One line that is written over at each event. Epochs end when they are saved, by when the next has begun: the bar never goes back. */
function barReporter(stderr: Output, experiment: Experiment): ProgressReporter {
  const epochs = epochsOf(experiment)
  const shown = { epoch: 1, done: 0, left: '', losses: '' }
  const draw = () => {
    const line = `epoch ${shown.epoch}/${epochs} ${bar(shown.done)}${shown.left}${shown.losses}`
    stderr.write(`${CLEAR_LINE}${line.slice(0, (stderr.columns ?? DEFAULT_COLUMNS) - 1)}`)
  }
  const advance = (epoch: number, done: number) => {
    shown.epoch = Math.max(shown.epoch, epoch)
    shown.done = Math.max(shown.done, done)
  }
  return {
    stepProgress(progress) {
      const { epoch, step, stepsPerEpoch, secondsLeft } = progress
      advance(epoch, (epoch - 1 + step / stepsPerEpoch) / epochs)
      if (isPaceKnown(progress)) shown.left = `  ${formatEstimate(secondsLeft)} left`
      draw()
    },
    epochEnded(ended) {
      advance(ended.epoch, ended.epoch / epochs)
      if (ended.epoch === epochs) shown.left = ''
      shown.losses = `  ${losses(experiment, ended)}`
      draw()
    },
    note(sentence) {
      stderr.write(`${CLEAR_LINE}${sentence}\n`)
      draw()
    },
    close: () => void stderr.write(CLEAR_LINE)
  }
}

function bar(done: number): string {
  const filled = Math.round(BAR_WIDTH * Math.min(1, Math.max(0, done)))
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${String(Math.round(100 * done)).padStart(3)} %`
}

/** `validation BCE d=2 0.2512 d=8 0.1891`: of each series, the mean over its seeds. */
function losses(experiment: Experiment, { valLoss }: EpochEnded): string {
  const { varied, seeds } = experiment
  const means = valuesOf(experiment).map((value, rank) => {
    const own = valLoss.slice(rank * seeds.length, (rank + 1) * seeds.length)
    return `${valueLabel(varied.key, value).replace(' = ', '=')} ${formatLoss(mean(own))}`
  })
  const over = seeds.length > 1 ? `, mean of ${seeds.length} seeds,` : ''
  return `validation ${lossOf(experiment).toUpperCase()}${over} ${means.join(' ')}`
}
