// How an event changes a run that is open: pure, each answers a new view and leaves the old one as it was.
import type { EpochEnded } from '@shared/contract'
import { gapClosed } from '@shared/metrics'
import { epochsDone, type Metrics, type RunModel, type RunSummary, type RunView, type StepProgress } from '@shared/run'

/** Where the epoch stands. Dropped once the run trains no more, as a late one may still arrive. */
export function withProgress(view: RunView, progress: StepProgress): RunView {
  return view.state === 'running' || view.state === 'preparing' ? { ...view, progress } : view
}

/** State and name as the list has them. */
export function withSummary(view: RunView, run: RunSummary): RunView {
  const experiment = { ...view.file.experiment, name: run.name }
  return { ...view, state: run.state, file: { ...view.file, experiment, error: run.error } }
}

/** Whether a run has only got on since `before`, by epochs behind its first: that may wait for the beat. */
export function hasOnlyGotOn(before: RunSummary | null | undefined, now: RunSummary): boolean {
  const butEpochs = (run: RunSummary) => JSON.stringify({ ...run, epochsDone: 0, gapClosed: [] })
  return !!before && before.epochsDone > 0 && butEpochs(before) === butEpochs(now)
}

/** The next epoch laid on. One that is there already, or that leaves a gap, changes nothing. */
export function withEpoch(view: RunView, ended: EpochEnded): RunView {
  if (ended.epoch !== epochsDone(view.file) + 1) return view
  const models = view.file.models.map((model, index) => withLosses(model, index, ended, view.file.bounds))
  return { ...view, file: { ...view.file, models } }
}

function withLosses(
  model: RunModel,
  index: number,
  { trainLoss, valLoss, valMse }: EpochEnded,
  bounds: RunView['file']['bounds']
): RunModel {
  const at = (values: number[]) => finite(values[index])
  const history = {
    trainLoss: [...model.history.trainLoss, at(trainLoss)],
    valLoss: [...model.history.valLoss, at(valLoss)],
    valMse: [...model.history.valMse, at(valMse)]
  }
  return { ...model, history, metrics: metricsOf(at(valLoss), at(valMse), bounds) }
}

function metricsOf(bce: number | null, mse: number | null, bounds: RunView['file']['bounds']): Metrics | null {
  if (bce === null || mse === null) return null
  return { bce, mse, psnr: null, ssim: null, gapClosed: gapClosed(bce, bounds) }
}

/** As run.json has it: what is no finite number is null. */
function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}
