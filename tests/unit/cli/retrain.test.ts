// A report's runs are trained anew one after another in one lab, each as far as it had come. The lab only tells of epochs.
import { expect, it } from 'vitest'
import { retrain } from '../../../src/main/cli/retrain'
import { createAudience } from '../../../src/main/lab/audience'
import type { Lab } from '../../../src/main/lab/lab'
import type { EpochEnded } from '../../../src/shared/contract'
import { epochsOf, type Experiment } from '../../../src/shared/experiment'
import type { CheckedRun } from '../../../src/shared/report-check'
import type { RunFile } from '../../../src/shared/run'
import { keptHost } from '../../fixtures/cli-host'
import { fixtureRun } from '../../fixtures/run-file'

const reported = (epochsDone: number): RunFile =>
  fixtureRun({ latentDims: [2], epochs: 10, epochsDone, status: epochsDone < 10 ? 'stopped' : 'finished' })
const checked = (file: RunFile): CheckedRun => ({ file, experiment: '', dataProblem: null })
const epoch = { trainLoss: [0.2], valLoss: [0.1], valMse: [0.1], digits: new Uint8Array(), seconds: 1 }

/** Trains until it is told to stop; before each epoch, another process's run ends one. */
function trainingLab() {
  const audience = createAudience(() => undefined)
  const stopped = new Set<string>()
  const started: Experiment[] = []
  const lab = {
    calls: { stopRun: async (id: string) => void stopped.add(id) },
    subscribe: (listener: Parameters<Lab['subscribe']>[0]) => audience.subscribe(listener),
    follow: (listener: Parameters<Lab['follow']>[0]) => audience.follow(listener),
    startRunAt: async (_: string, experiment: Experiment) => `run-${started.push(experiment)}`,
    async whenEnded(id: string) {
      const experiment = started.at(-1) as Experiment
      let done = 0
      while (done < epochsOf(experiment) && !stopped.has(id)) {
        audience.tell('epochEnded', { ...epoch, id: 'another', epoch: 9 } satisfies EpochEnded)
        audience.tell('epochEnded', { ...epoch, id, epoch: ++done } satisfies EpochEnded)
      }
      return { ...reported(done), id }
    }
  } as unknown as Lab
  return { lab, stopped, audience }
}

it('a stopped run is trained as far as it had come, and the one after it to its end', async () => {
  const { lab, stopped, audience } = trainingLab()
  const { host } = keptHost({ createLab: () => lab })
  const one = (file: RunFile) =>
    retrain(checked(file), { host, lab, folder: '/nowhere', choice: { device: 'cpu' }, json: true })
  expect(await one(reported(3))).toMatchObject({ differing: 0 })
  expect(await one(reported(10))).toMatchObject({ differing: 0 })
  expect([...stopped]).toEqual(['run-1'])
  expect(audience.hasViews()).toBe(false)
})
