// What a view asks of the lab, in good order, and the call that tells whether all before it has been dealt with.
import { presets } from '@shared/experiment'
import type { LabErrorData } from '@shared/errors'

export const PROBE = 'the probe'
export const probe = { t: 'q', m: 'readSettings', a: [], i: PROBE }

export interface Answer {
  t: 's'
  i: string
  e?: LabErrorData
}

/** Requests of every call, with good arguments. */
export const requests = [
  ['openRun', 'fixture-0001'],
  ['readDigits', 'fixture-0001', 1, 2],
  ['readWeights', 'fixture-0001', 1],
  ['readTestImages', presets.article.dataset],
  ['startRun', presets.article, null],
  ['estimate', { ...presets['keras-blog'], seeds: [1, 2] }, 'cpu'],
  ['continueRun', 'fixture-0001', 'cpu'],
  ['renameRun', 'fixture-0001', 'Another name'],
  ['exportReport', ['fixture-0001'], { paper: 'letter', parts: ['models'] }],
  ['figurePdf', '0123456789abcdef0123456789abcdef', 'A figure'],
  ['stopRun', 'fixture-0001'],
  ['restoreRun', 'fixture-0001'],
  ['writeSettings', { theme: 'dark', runsFolder: null }],
  ...['listRuns', 'listUnreadable', 'readProbes', 'diagnostics', 'removeLeftovers'].map((name) => [name])
].map(([m, ...a], index) => ({ t: 'q', m, a, i: String(index) }))
