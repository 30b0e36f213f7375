// What a run is doing, in the few words that the list has room for.
import { divergedText } from '@shared/divergence'
import { deviceLabel, formatCount, formatPlural } from '@shared/format'
import type { RunSummary } from '@shared/run'
import type { Glyph } from './run-status'

/** The second line of a run in the list. */
export function listStatus(run: RunSummary): { glyph: Glyph; text: string; tone: '' | 'bad' | 'caution' } {
  const total = formatCount(run.epochs)
  /** As the header of the run: what trains or was cut off is in an epoch, what was stopped is at the end of one. */
  const within = `${formatCount(Math.min(run.epochsDone + 1, run.epochs))} of ${total}`
  const device = deviceLabel(run.device)
  switch (run.state) {
    case 'queued':
      return { glyph: 'clock', text: `queued · ${device}`, tone: '' }
    case 'preparing':
      return { glyph: 'running', text: `preparing · ${device}`, tone: '' }
    case 'running':
      return { glyph: 'running', text: `epoch ${within} · ${device}`, tone: '' }
    case 'paused':
      return { glyph: 'pause', text: `paused in ${within}`, tone: '' }
    case 'stopping':
      return { glyph: 'running', text: `stopping in ${within}`, tone: '' }
    case 'finishing':
      return { glyph: 'running', text: `finishing · ${device}`, tone: '' }
    case 'finished':
      if (run.diverged.length > 0)
        return {
          glyph: 'bang',
          text: `${divergedText(run.diverged.length, run.series.length)} · ${device}`,
          tone: 'caution'
        }
      return { glyph: 'tick', text: `${formatPlural(run.epochsDone, 'epoch')} · ${device}`, tone: '' }
    case 'stopped':
      return { glyph: 'stop', text: `stopped at ${formatCount(run.epochsDone)} of ${total}`, tone: '' }
    case 'failed':
      return { glyph: 'cross', text: `failed in ${within}`, tone: 'bad' }
    case 'interrupted':
      return { glyph: 'bang', text: `interrupted in ${within}`, tone: 'caution' }
  }
}
