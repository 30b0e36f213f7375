// `lab verify --retrain`: trains a reported experiment once more, in a temporary folder, and compares every figure.
import { join } from 'node:path'
import { presentDevice } from '@shared/devices'
import { LabError } from '@shared/errors'
import { epochsOf } from '@shared/experiment'
import { quoted } from '@shared/format'
import type { CheckedRun } from '@shared/report-check'
import { epochsDone, type RunFile } from '@shared/run'
import type { LabEvents } from '@shared/contract'
import { compareRuns, type Repetition } from '../lab/compare-runs'
import type { Lab } from '../lab/lab'
import { announceMeasuring, namingTheOption, type DeviceChoice } from './chosen-device'
import { follow } from './follow-run'
import type { CliHost } from './host'

export interface Retraining {
  host: CliHost
  lab: Lab
  /** Where the run folder is made, which the caller removes. */
  folder: string
  choice: DeviceChoice
  json: boolean
}

const STOPPING = 'Giving up at the next batch. Ctrl-C again ends at once'

/** Null once it was given up. Throws LabError where it can't be trained here. */
export async function retrain(
  { file: reported, dataProblem }: CheckedRun,
  { host, lab, folder, choice, json }: Retraining
): Promise<(Repetition & { device: string }) | null> {
  const { experiment } = reported
  if (dataProblem) throw LabError.from(dataProblem)
  if (epochsDone(reported) === 0) {
    throw new LabError('bad-value', `The run ${quoted(experiment.name)} has no complete epoch to compare with`)
  }
  const device = choice.device ?? (await deviceOf(reported, lab))
  if (device === null && !json) await announceMeasuring(host, lab, choice)
  const heard = { interrupt: false }
  const stopHearing = host.onInterrupt(() => (heard.interrupt = true))
  const own = { id: '' }
  const release = stopAfter(epochsDone(reported), own, reported, lab)
  const start = async () => {
    const started = lab.startRunAt(join(folder, 'run'), experiment, device)
    own.id = await started.catch((error: unknown) => {
      throw namingTheOption(error, choice)
    })
    return own.id
  }
  const now = await follow({ host, lab, experiment, json, epochsBefore: null, start, stopping: STOPPING }).finally(
    () => {
      release()
      stopHearing()
    }
  )
  if (now.status === 'failed' && now.error) throw LabError.from(now.error)
  if (heard.interrupt) return null
  return { ...compareRuns(reported, now), device: now.device }
}

/** The device that the run had last, where it can be used here; else null, the fastest. */
async function deviceOf(reported: RunFile, lab: Lab): Promise<string | null> {
  const device = presentDevice(reported.device)
  const { devices } = await lab.calls.describe()
  return devices.some((one) => one.name === device && one.usable) ? device : null
}

/** A run that was stopped is trained as far as it had come. Answers with what ends the listening: other runs may follow in the same lab. */
function stopAfter(epochs: number, own: { id: string }, { experiment }: RunFile, lab: Lab): () => void {
  return lab.subscribe((event, payload) => {
    if (event !== 'epochEnded') return
    const { id, epoch } = payload as Parameters<LabEvents['epochEnded']>[0]
    if (id !== own.id || epoch < epochs || epoch >= epochsOf(experiment)) return
    lab.calls.stopRun(id).catch(() => undefined) // it has ended meanwhile
  })
}
