// A run and the same trained once more, figure by figure.
import { formatPercent, formatPlural } from '@shared/format'
import { epochsDone, isUnmeasured, type Metrics, type RunFile, type RunModel } from '@shared/run'

export interface Repetition {
  /** Figures that were compared: losses of each epoch, and metrics after the last, where both have them. */
  figures: number
  /** Whether metrics are among them. */
  hasMetrics: boolean
  differing: number
  /** The one that differs most; null: all are equal to the last bit. */
  largest: Difference | null
  /** Whether the same bits were to be expected: of the same version, device and instruction set. */
  isSameExpected: boolean
  /** Whether it is the same training: equal to the last bit where that was to be expected, else within the tolerance. */
  agrees: boolean
}

interface Difference {
  where: string
  reported: number | null
  now: number | null
  /** Of the larger of the two, or of 1 where the figure is a share itself; null: one of the two is no number. */
  share: number | null
}

/**
 * Training magnifies rounding: a last bit that differs grows with each step, without bound but that both trainings end about as well. Below
 * 5 % nothing can be told from that; a figure that was made up to show something is further off.
 */
const TOLERANCE = 0.05

const losses = { trainLoss: 'training loss', valLoss: 'validation loss', valMse: 'validation MSE' } as const
const shares: readonly string[] = ['ssim', 'gapClosed'] // near 0 of a model that learned nothing, where a quotient says nothing
const metrics = { bce: 'BCE', mse: 'MSE', psnr: 'PSNR', ssim: 'SSIM', gapClosed: 'gap closed' } as const

/** `now` may have trained further: what counts are the epochs of `reported`, and its metrics where both end with the same. */
export function compareRuns(reported: RunFile, now: RunFile): Repetition {
  const pairs = reported.models.map((model) => ({ model, other: now.models.find(({ id }) => id === model.id) }))
  const ofLosses = pairs.flatMap(({ model, other }) => lossFigures(model, other))
  const ofMetrics = areBothMeasured(reported, now)
    ? pairs.flatMap(({ model, other }) => metricFigures(model, other))
    : []
  const figures = [...ofLosses, ...ofMetrics]
  const differing = figures.filter((one) => one.reported !== one.now)
  const largest = differing.reduce<Difference | null>(
    (most, one) => (!most || sizeOf(one) > sizeOf(most) ? one : most),
    null
  )
  const isSameExpected = areAlike(reported, now)
  return {
    figures: figures.length,
    hasMetrics: ofMetrics.length > 0,
    differing: differing.length,
    largest,
    isSameExpected,
    agrees: !largest || (!isSameExpected && sizeOf(largest) <= TOLERANCE)
  }
}

function lossFigures({ id, history }: RunModel, other: RunModel | undefined): Difference[] {
  return Object.entries(losses).flatMap(([key, name]) =>
    history[key as keyof typeof losses].map((reported, index) => {
      const now = other?.history[key as keyof typeof losses][index] ?? null
      return differenceOf(`${name} of ${id} after epoch ${index + 1}`, reported, now)
    })
  )
}

/** Of those metrics that at least one of the two has. */
function metricFigures({ id, metrics: own }: RunModel, other: RunModel | undefined): Difference[] {
  return Object.entries(metrics).flatMap(([key, name]) => {
    const at = (of: Metrics | null | undefined) => of?.[key as keyof Metrics] ?? null
    const [reported, now] = [at(own), at(other?.metrics)]
    if (reported === null && now === null) return []
    return [differenceOf(`${name} of ${id}`, reported, now, shares.includes(key))]
  })
}

function differenceOf(where: string, reported: number | null, now: number | null, isShare = false): Difference {
  if (reported === now) return { where, reported, now, share: 0 }
  if (reported === null || now === null) return { where, reported, now, share: null }
  const whole = isShare ? 1 : Math.max(Math.abs(reported), Math.abs(now))
  return { where, reported, now, share: Math.abs(reported - now) / whole }
}

const areBothMeasured = (one: RunFile, other: RunFile) =>
  epochsDone(one) === epochsDone(other) && !isUnmeasured(one) && !isUnmeasured(other)

/** A number that has none beside it counts for more than any difference. */
const sizeOf = ({ share }: Difference) => share ?? Infinity

/** Threads don't matter on the processor, whose instruction set stands last; of any other device all that is known of it has to be the same. */
function areAlike(reported: RunFile, now: RunFile): boolean {
  const places = [...reported.segments, ...now.segments].map(({ device, hardware }) =>
    device === 'cpu' ? `cpu ${hardware.split(', ').pop()}` : `${device} ${hardware}`
  )
  const versions = [reported, now].map((file) => file.versions['bottleneck-lab'])
  return new Set(places).size === 1 && new Set(versions).size === 1
}

/** What came of it, in sentences. */
export function repetitionInWords(found: Repetition, device: string): string {
  const { figures, hasMetrics, differing, largest } = found
  const of = formatPlural(figures, 'figure')
  const compared = hasMetrics ? 'losses of each epoch and metrics' : 'losses of each epoch'
  const left = hasMetrics ? '' : ' Metrics were not compared: not both runs have them after the same epoch.'
  if (!largest) return `Trained anew on ${device}: all of ${of}, ${compared}, are equal to the last bit.${left}`
  const { where, reported, now } = largest
  const most = `The largest difference is in the ${where}: ${reported ?? 'no number'} in the report, ${now ?? 'no number'} now.`
  return `Trained anew on ${device}: ${differing} of ${of}, ${compared}, differ, ${judgement(found)}. ${most}${left}`
}

function judgement({ isSameExpected, agrees }: Repetition): string {
  if (isSameExpected) return 'though version, device and instruction set are the same, which give the same bits'
  const elsewhere = 'on another device or instruction set or with another version'
  const most = formatPercent(TOLERANCE)
  return agrees
    ? `all within ${most}, as rounding ${elsewhere} explains`
    : `by more than ${most}, which is more than rounding ${elsewhere} explains`
}
