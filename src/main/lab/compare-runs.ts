// A run and the same trained once more, figure by figure.
import { formatPlural } from '@shared/format'
import { epochsDone, isUnmeasured, type Metrics, type RunFile, type RunModel } from '@shared/run'

export interface Repetition {
  /** Figures that were compared: losses of each epoch, and metrics after the last, where both have them. */
  figures: number
  differing: number
  /** The one that differs most; null: all are equal to the last bit. */
  largest: { where: string; reported: number | null; now: number | null } | null
  /** Whether the same bits were to be expected: of the same version, device and instruction set. */
  isSameExpected: boolean
}

const losses = { trainLoss: 'training loss', valLoss: 'validation loss', valMse: 'validation MSE' } as const
const metrics = { bce: 'BCE', mse: 'MSE', psnr: 'PSNR', ssim: 'SSIM', gapClosed: 'gap closed' } as const

type Figure = NonNullable<Repetition['largest']>

/** `now` may have trained further: what counts are the epochs of `reported`, and its metrics where both end with the same. */
export function compareRuns(reported: RunFile, now: RunFile): Repetition {
  const figures = reported.models.flatMap((model) => {
    const other = now.models.find(({ id }) => id === model.id)
    return [...lossFigures(model, other), ...(areBothMeasured(reported, now) ? metricFigures(model, other) : [])]
  })
  const differing = figures.filter((one) => one.reported !== one.now)
  const largest = differing.reduce<Figure | null>(
    (most, one) => (!most || sizeOf(one) > sizeOf(most) ? one : most),
    null
  )
  return { figures: figures.length, differing: differing.length, largest, isSameExpected: areAlike(reported, now) }
}

function lossFigures({ id, history }: RunModel, other: RunModel | undefined): Figure[] {
  return Object.entries(losses).flatMap(([key, name]) =>
    history[key as keyof typeof losses].map((reported, index) => ({
      where: `${name} of ${id} after epoch ${index + 1}`,
      reported,
      now: other?.history[key as keyof typeof losses][index] ?? null
    }))
  )
}

function metricFigures({ id, metrics: own }: RunModel, other: RunModel | undefined): Figure[] {
  return Object.entries(metrics).map(([key, name]) => {
    const at = (of: Metrics | null | undefined) => of?.[key as keyof Metrics] ?? null
    return { where: `${name} of ${id}`, reported: at(own), now: at(other?.metrics) }
  })
}

const areBothMeasured = (one: RunFile, other: RunFile) =>
  epochsDone(one) === epochsDone(other) && !isUnmeasured(one) && !isUnmeasured(other)

/** A number that has none beside it counts for more than any difference. */
const sizeOf = ({ reported, now }: Figure) => (reported === null || now === null ? Infinity : Math.abs(reported - now))

/** Threads don't matter on the processor, whose instruction set stands last; of any other device all that is known of it has to be the same. */
function areAlike(reported: RunFile, now: RunFile): boolean {
  const places = [...reported.segments, ...now.segments].map(({ device, hardware }) =>
    device === 'cpu' ? `cpu ${hardware.split(', ').pop()}` : `${device} ${hardware}`
  )
  const versions = [reported, now].map((file) => file.versions['bottleneck-lab'])
  return new Set(places).size === 1 && new Set(versions).size === 1
}

/** What came of it, in sentences. */
export function repetitionInWords({ figures, differing, largest, isSameExpected }: Repetition, device: string): string {
  const of = formatPlural(figures, 'figure')
  if (!largest)
    return `Trained anew on ${device}: all of ${of}, losses of each epoch and metrics, are equal to the last bit.`
  const { where, reported, now } = largest
  const most = `The largest difference is in the ${where}: ${reported ?? 'no number'} in the report, ${now ?? 'no number'} now.`
  const expected = isSameExpected
    ? 'though version, device and instruction set are the same, which give the same bits'
    : 'on another device or instruction set or with another version, between which they agree to rounding alone'
  return `Trained anew on ${device}: ${differing} of ${of} differ, ${expected}. ${most}`
}
