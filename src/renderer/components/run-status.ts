// What a run is doing, in words: the line of its header, the line of the list, and which buttons its state allows.
import { devicesLabel } from '@shared/devices'
import { epochsOf } from '@shared/experiment'
import {
  deviceLabel,
  formatCount,
  formatCountInWords,
  formatDuration,
  formatMoment,
  formatPlural
} from '@shared/format'
import { epochsDone, isPaceKnown, type RunState, type RunSummary, type RunView } from '@shared/run'
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

export function runStatus(view: RunView, queue: QueuePosition | null, now = new Date()): StatusLine {
  const { file, state, progress } = view
  const done = epochsDone(file)
  const total = formatCount(epochsOf(file.experiment))
  const saved =
    done === 1 ? 'epoch 1 is saved' : done > 0 ? `${formatPlural(done, 'epoch')} are saved` : 'no epoch was complete'
  switch (state) {
    case 'queued':
      return {
        glyph: 'clock',
        headline: queue && queue.position > 1 ? `Queued, number ${queue.position}` : 'Queued, next in line',
        details: queue?.waitsFor ? [`waits for ${queue.waitsFor}`] : []
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
      return { glyph: 'running', headline: `Epoch ${formatCount(currentEpoch(view))} of ${total}`, details: pace }
    }
    case 'paused': {
      const toGo = progress && isPaceKnown(progress) ? [`${formatDuration(progress.secondsLeft)} to go`] : []
      const upTo = done > 0 ? [`saved up to epoch ${formatCount(done)}`] : []
      return {
        glyph: 'pause',
        headline: `Paused in epoch ${formatCount(currentEpoch(view))} of ${total}`,
        details: [...upTo, ...toGo]
      }
    }
    case 'stopping':
      return { glyph: 'running', headline: 'Stopping', details: [saved] }
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
        details: done > 0 ? ['saved', 'can be continued'] : ['can be started again']
      }
    case 'failed':
      return {
        glyph: 'cross',
        headline: `Failed in epoch ${formatCount(currentEpoch(view))} of ${total}`,
        details: [saved]
      }
    case 'interrupted':
      return {
        glyph: 'bang',
        headline: `Interrupted in epoch ${formatCount(currentEpoch(view))} of ${total}`,
        details: [saved, 'can be continued']
      }
    case 'finished':
      return {
        glyph: 'tick',
        headline: 'Finished',
        details: [
          `${formatPlural(done, 'epoch')} in ${formatDuration(file.seconds)}`,
          ...(file.endedAt ? [formatMoment(new Date(file.endedAt), now)] : []),
          devicesLabel(file)
        ]
      }
  }
}

/** The second line of a run in the list. */
export function listStatus(run: RunSummary): { glyph: Glyph; text: string; tone: '' | 'bad' | 'caution' } {
  const of = `${formatCount(run.epochsDone)} of ${formatCount(run.epochs)}`
  const device = deviceLabel(run.device)
  switch (run.state) {
    case 'queued':
      return { glyph: 'clock', text: `queued · ${device}`, tone: '' }
    case 'preparing':
      return { glyph: 'running', text: `preparing · ${device}`, tone: '' }
    case 'running':
      return { glyph: 'running', text: `${of} · ${device}`, tone: '' }
    case 'paused':
      return { glyph: 'pause', text: `paused at ${of}`, tone: '' }
    case 'stopping':
      return { glyph: 'running', text: `stopping at ${of}`, tone: '' }
    case 'finishing':
      return { glyph: 'running', text: `finishing · ${device}`, tone: '' }
    case 'finished':
      return { glyph: 'tick', text: `${formatPlural(run.epochsDone, 'epoch')} · ${device}`, tone: '' }
    case 'stopped':
      return { glyph: 'stop', text: `stopped at ${of}`, tone: '' }
    case 'failed':
      return { glyph: 'cross', text: `failed at ${of}`, tone: 'bad' }
    case 'interrupted':
      return { glyph: 'bang', text: `interrupted at ${of}`, tone: 'caution' }
  }
}

/** Buttons a state allows. A run whose loss diverged would diverge again: it is changed, not continued. */
export function allowedActions(view: RunView) {
  const { state, file } = view
  const is = (...states: RunState[]) => states.includes(state)
  const diverged = file.error?.kind === 'diverged'
  return {
    pause: is('running'),
    resume: is('paused'),
    stop: is('preparing', 'running', 'paused'),
    unqueue: is('queued'),
    continue: is('stopped', 'interrupted') || (is('failed') && !diverged),
    duplicate: is('stopped', 'interrupted', 'failed', 'finished'),
    export: epochsDone(file) > 0
  }
}

/** Share of the whole run that is trained, in epochs: complete ones and the part of the one under way. */
export function epochsTrained({ file, progress, state }: RunView): number {
  const done = epochsDone(file)
  const within = progress && progress.epoch === done + 1 && (state === 'running' || state === 'paused')
  return done + (within ? progress.step / progress.stepsPerEpoch : 0)
}
