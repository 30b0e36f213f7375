// What a user does with a run in the window: starts it, watches it to its end, looks at it, and now and then reports, renames or deletes it.
import { once, EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { presets, type Experiment } from '../../src/shared/experiment'
import type { Page } from './page'

const EPOCHS = 2

/** Two models on 1,000 images, so that it takes a moment; each with a seed of its own. */
function experimentOf(index: number): Experiment {
  const base = { ...presets.article.base, trainLimit: 1000, epochs: EPOCHS }
  return { ...presets.article, base, varied: { key: 'latentDim', values: [2, 8] }, seeds: [index + 1] }
}

/** Does the run of this number in `runsFolder`; answers with its id. Throws if anything is not as it should be. */
export async function doOneRun(page: Page, index: number, runsFolder: string): Promise<string> {
  const { calls } = page
  const experiment = experimentOf(index)
  await calls.estimate(experiment, 'cpu')
  const end = runEnds(page)
  const id = await calls.startRun(experiment, 'cpu')
  const epochs = await end(id)
  if (epochs !== EPOCHS) throw new Error(`Run ${index}: ${epochs} of ${EPOCHS} epochs were announced`)
  while (!existsSync(join(runsFolder, id, 'report.pdf'))) await wait(20) // no event tells a page of it
  const { file } = await calls.openRun(id)
  if (file.status !== 'finished') throw new Error(`Run ${index} is ${file.status}`)
  const digits = await calls.readDigits(id, 1, EPOCHS)
  if (digits.epochs !== EPOCHS) throw new Error(`Run ${index} has digits of ${digits.epochs} epochs`)
  await calls.listRuns()
  const isTurn = (every: number) => index % every === every - 1
  if (isTurn(5)) await calls.exportReport([id])
  if (isTurn(7)) await calls.renameRun(id, `Run ${index}`)
  if (isTurn(10)) await deleteAndUndo(page, id)
  if (isTurn(11)) await calls.deleteRun(id)
  if (isTurn(20)) await calls.diagnostics()
  return id
}

/** Follows all runs from now on; the function answers, once the run of this id has ended, with how many epochs it announced. */
function runEnds(page: Page): (id: string) => Promise<number> {
  const epochs = new Map<string, number>()
  const ended = new Set<string>()
  const news = new EventEmitter()
  const stops = [
    page.on('epochEnded', ({ id }) => void epochs.set(id, (epochs.get(id) ?? 0) + 1)),
    page.on('runChanged', ({ id, state }) => {
      if (!['finished', 'failed', 'stopped'].includes(state)) return
      ended.add(id)
      news.emit('end')
    })
  ]
  return async (id) => {
    while (!ended.has(id)) await once(news, 'end')
    for (const stop of stops) stop()
    return epochs.get(id) ?? 0
  }
}

async function deleteAndUndo({ calls }: Page, id: string): Promise<void> {
  await calls.deleteRun(id)
  await calls.restoreRun(id)
  await calls.openRun(id)
}
