// How an event changes a run that is open: pure, each answers a new view and leaves the old one as it was.
import type { EpochEnded } from '@shared/contract'
import { epochsDone, isUnmeasured, type RunModel, type RunSummary, type RunView, type StepProgress } from '@shared/run'

/** Where the epoch stands. Dropped once the run trains no more, as a late one may still arrive. */
export function withProgress(view: RunView, progress: StepProgress): RunView {
  return view.state === 'running' || view.state === 'preparing' ? { ...view, progress } : view
}

/** State and name as the list has them. */
export function withSummary(view: RunView, run: RunSummary): RunView {
  const experiment = { ...view.file.experiment, name: run.name }
  return { ...view, state: run.state, file: { ...view.file, experiment, error: run.error } }
}

/** Whether the file has something that the view lacks and the summary does not bring: what ends a run, its device, its quality. */
export function isBehind({ state, file }: RunView, run: RunSummary): boolean {
  return run.state !== state || run.device !== file.device || (run.measured && isUnmeasured(file))
}

/** Whether nothing but epochs behind the first is new since `before`: that may wait for the next tick. */
export function isProgressOnly(before: RunSummary | null | undefined, now: RunSummary): boolean {
  const butEpochs = (run: RunSummary) => JSON.stringify({ ...run, epochsDone: 0, gapClosed: [], diverged: [] })
  return !!before && before.epochsDone > 0 && butEpochs(before) === butEpochs(now)
}

/** The next epoch laid on. One that is there already, or that leaves a gap, changes nothing. */
export function withEpoch(view: RunView, ended: EpochEnded): RunView {
  if (ended.epoch !== epochsDone(view.file) + 1) return view
  const models = view.file.models.map((model, index) => withLosses(model, index, ended))
  const epochSeconds = [...(view.file.epochSeconds ?? []), ended.seconds]
  return { ...view, file: { ...view.file, models, epochSeconds } }
}

/** Metrics are measured anew where the run is trained, and read with it. */
function withLosses(model: RunModel, index: number, { trainLoss, valLoss, valMse }: EpochEnded): RunModel {
  const at = (values: number[]) => finite(values[index])
  const history = {
    trainLoss: [...model.history.trainLoss, at(trainLoss)],
    valLoss: [...model.history.valLoss, at(valLoss)],
    valMse: [...model.history.valMse, at(valMse)]
  }
  return { ...model, history, metrics: null }
}

/** As run.json has it: what is NaN or infinite is null. */
function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}
