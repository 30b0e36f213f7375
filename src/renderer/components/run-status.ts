// What a run is doing, in words: the line of its header, and how much of it is trained.
import { devicesLabel } from '@shared/devices'
import { divergedSeries, divergedText } from '@shared/divergence'
import { weightsInWords } from '@shared/epoch-weights'
import { epochsOf } from '@shared/experiment'
import { formatCount, formatCountInWords, formatDuration, formatMoment, formatPlural, quoted } from '@shared/format'
import { areAllTrained, epochsDone, isActive, isPaceKnown, isUnmeasured, type RunFile, type RunView } from '@shared/run'
import type { Circumstances } from './allowed-actions'
import type { IconName } from './icons'

/** `running` is the breathing dot; the rest are icons. */
export type Glyph = 'running' | IconName

export interface StatusLine {
  glyph: Glyph
  headline: string
  details: string[]
}

/** Where a queued run stands, 1 = next, and the run it waits for. */
export interface QueuePosition {
  position: number
  waitsFor: string | null
}

/** The epoch that is being trained, or that a halted run would train next, at most the last. Progress may be that of one which has ended. */
function currentEpoch({ file, progress }: RunView): number {
  return Math.min(Math.max(progress?.epoch ?? 0, epochsDone(file) + 1), epochsOf(file.experiment))
}

/** Where a run was halted: `in epoch 4 of 70`, `after all 70 epochs`. */
function haltedWhere(view: RunView): string {
  const total = epochsOf(view.file.experiment)
  if (areAllTrained(view.file)) return total === 1 ? 'after its epoch' : `after all ${formatPlural(total, 'epoch')}`
  return `in epoch ${formatCount(currentEpoch(view))} of ${formatCount(total)}`
}

/** Also where what is known may be of long ago, or another process has the run. */
export function runStatus(
  view: RunView,
  queue: QueuePosition | null,
  { isReachable, isContinuable }: Circumstances,
  now = new Date()
): StatusLine {
  const owned = view.owner === null ? [] : [`${view.state === 'queued' ? 'queued' : 'trained'} by ${view.owner}`]
  const { glyph, headline, details } = statusNow(view, view.owner === null ? queue : null, now)
  if (!isReachable && isActive(view.state))
    return { glyph: 'bang', headline: `Last known: ${headline[0]?.toLowerCase()}${headline.slice(1)}`, details: owned }
  return { glyph, headline, details: [...details, ...owned].filter((text) => isContinuable || text !== CONTINUABLE) }
}

const CONTINUABLE = 'can be continued'

function statusNow(view: RunView, queue: QueuePosition | null, now: Date): StatusLine {
  const { file, state, progress } = view
  const done = epochsDone(file)
  const total = formatCount(epochsOf(file.experiment))
  const saved =
    done === 1 ? 'epoch 1 is saved' : done > 0 ? `${formatPlural(done, 'epoch')} are saved` : 'no epoch was complete'
  switch (state) {
    case 'queued':
      return {
        glyph: 'clock',
        headline: !queue ? 'Queued' : queue.position > 1 ? `Queued, number ${queue.position}` : 'Queued, next in line',
        details: queue?.waitsFor ? [`waits for ${quoted(queue.waitsFor)}`] : []
      }
    case 'preparing': {
      const models = `${formatCountInWords(file.models.length)} model${file.models.length === 1 ? '' : 's'}`
      return { glyph: 'running', headline: 'Preparing', details: [`loading the data for ${models}`] }
    }
    case 'running': {
      const pace =
        progress && isPaceKnown(progress)
          ? [`${formatDuration(progress.secondsPerEpoch)} an epoch`, `${formatDuration(progress.secondsLeft)} left`]
          : []
      const details = [...pace, ...keptWeights(file)]
      return { glyph: 'running', headline: `Epoch ${formatCount(currentEpoch(view))} of ${total}`, details }
    }
    case 'paused': {
      const toGo = progress && isPaceKnown(progress) ? [`${formatDuration(progress.secondsLeft)} to go`] : []
      const upTo = done > 0 ? [`saved up to epoch ${formatCount(done)}`] : []
      return {
        glyph: 'pause',
        headline: `Paused ${haltedWhere(view)}`,
        details: [...upTo, ...toGo]
      }
    }
    case 'stopping':
      return {
        glyph: 'running',
        headline: 'Stopping',
        details: done > 0 ? [saved, 'measuring PSNR and SSIM'] : [saved]
      }
    case 'finishing':
      return {
        glyph: 'running',
        headline: `All ${formatPlural(done, 'epoch')} trained`,
        details: ['measuring PSNR and SSIM, and PCA to compare with']
      }
    case 'stopped':
      return {
        glyph: 'stop',
        headline:
          done > 0 ? `Stopped at epoch ${formatCount(done)} of ${total}` : 'Stopped before the first epoch ended',
        details: done > 0 ? ['saved', CONTINUABLE, ...keptWeights(file), ...unmeasured(file)] : ['can be started again']
      }
    case 'failed':
      return {
        glyph: 'cross',
        headline: `Failed ${haltedWhere(view)}`,
        details: [saved]
      }
    case 'interrupted':
      return {
        glyph: 'bang',
        headline: `Interrupted ${haltedWhere(view)}`,
        details: [saved, CONTINUABLE]
      }
    case 'finished': {
      const diverged = divergedSeries(file).length
      return {
        glyph: diverged > 0 ? 'bang' : 'tick',
        headline: 'Finished',
        details: [
          ...(diverged > 0 ? [divergedText(diverged, file.experiment.varied.values.length)] : []),
          `${formatPlural(done, 'epoch')} in ${formatDuration(file.seconds)}`,
          ...(file.endedAt ? [`${formatMoment(new Date(file.endedAt), now)} local time`] : []),
          devicesLabel(file),
          ...keptWeights(file),
          ...unmeasured(file)
        ]
      }
    }
  }
}

/** Where the weights of not all epochs are kept. */
function keptWeights(file: RunFile): string[] {
  const words = weightsInWords(file)
  return words === '' ? [] : [words]
}

/** What becomes of quality that is missing: the lab sees to it by itself, once a session. */
function unmeasured(file: RunFile): string[] {
  if (!isUnmeasured(file)) return []
  return [file.error ? 'PSNR and SSIM could not be measured' : 'PSNR and SSIM are measured when nothing trains']
}

/** Share of the whole run that is trained, in epochs: complete ones and the part of the one under way. */
export function epochsTrained({ file, progress, state }: RunView): number {
  const done = epochsDone(file)
  const within = progress && progress.epoch === done + 1 && (state === 'running' || state === 'paused')
  return done + (within ? progress.step / progress.stepsPerEpoch : 0)
}
