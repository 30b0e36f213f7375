// The quality of a run, model by model, of one batch group after another.
import { LabError } from '@shared/errors'
import { modelsOf } from '@shared/experiment'
import type { Dataset } from '../data/dataset'
import { batchGroups, type BatchGroup } from './batch-groups'
import { readCheckpoint, type Checkpoint } from './checkpoint'
import type { EngineSession, ModelState, SessionConfig } from './engines/engine'
import { perModel } from './epoch'
import { measureQuality, type Quality } from './evaluate'
import type { EndedRun } from './messages'
import { badCheckpoint } from './safetensors'

/** What an ended run is measured with. */
export interface RunQualityTools {
  dataset: Dataset
  threads: number
  /** Opens a session of the engine; closed here. */
  open(config: SessionConfig): Promise<EngineSession>
  signal: AbortSignal
}

/** Quality over all test images of all models, by what `measure` answers for each group, one after another. */
export async function qualityOf<Group extends { group: BatchGroup }>(
  groups: readonly Group[],
  measure: (group: Group) => Promise<Quality>
): Promise<Quality> {
  const qualities: Quality[] = []
  for (const one of groups) qualities.push(await measure(one))
  return {
    bce: perModel(groups, (_, index) => qualities[index]?.bce ?? []),
    psnr: perModel(groups, (_, index) => qualities[index]?.psnr ?? []),
    ssim: perModel(groups, (_, index) => qualities[index]?.ssim ?? [])
  }
}

export function statesOf({ indices }: BatchGroup, { states }: Checkpoint): ModelState[] {
  return indices.map((index) => states[index] as ModelState)
}

/**
 * Quality of a run that has ended, by its last checkpoint: nothing is trained, and nothing written. Throws as readCheckpoint, LabError
 * `bad-file` where the checkpoint is of another epoch than run.json's last, and `busy` once the signal says so.
 */
export async function measureEndedRun(run: EndedRun, tools: RunQualityTools): Promise<Quality> {
  const { experiment, device, checkpoint: path, recorded } = run
  const { dataset, threads, open, signal } = tools
  const models = modelsOf(experiment, dataset.test.size)
  const checkpoint = await readCheckpoint(path, { experiment, models, datasetSha256: dataset.info.sha256, recorded })
  const epochs = checkpoint.history.length
  if (epochs !== recorded.length)
    throw badCheckpoint(path, `the state after epoch ${epochs}`, `that after epoch ${recorded.length}`)
  const groups = batchGroups(models).map((group) => ({ group }))
  return qualityOf(groups, async ({ group }) => {
    checkWanted(signal)
    const session = await open({ models: group.models, train: dataset.train, device, threads })
    try {
      await session.load(statesOf(group, checkpoint))
      return await measureQuality(session, dataset.test, dataset.info.rows, () => checkWanted(signal))
    } finally {
      await session.close()
    }
  })
}

/** Throws LabError `busy` once `signal` says that something else comes first. */
export function checkWanted(signal: AbortSignal): void {
  if (signal.aborted) throw new LabError('busy', 'Something else was asked of the trainer')
}
