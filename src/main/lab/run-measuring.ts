// Measures the quality of a run that has ended without. Nobody owns the run meanwhile; it is claimed to write the quality down, in one
// step, if the run still is what was measured.
import { isUnmeasured, type DatasetInfo, type RunFile, type RunSummary } from '@shared/run'
import { changeRun } from './change-run'
import { checkData } from './check-data'
import { readOwner } from './owner'
import type { StoredRun } from './stored-run'
import { lossesOf, withQuality } from './run-file'
import { runFolderFiles } from './run-folder'
import type { Starting } from './starting'
import type { QualityMeasured, Supervisor } from './supervisor'

export interface RunMeasuringParts {
  starting: Pick<Starting, 'deviceOf'>
  supervisor: Pick<Supervisor, 'quality'>
  /** Folder of a data set's files. */
  dataFolder(dataset: string): string
  /** Throws LabError where there is no data set of that name. */
  infoOf(dataset: string): Promise<DatasetInfo>
  cacheFolder: string
}

export function createRunMeasuring({ starting, supervisor, dataFolder, infoOf, cacheFolder }: RunMeasuringParts) {
  /** On the run's own device, or the fastest where that is gone. Throws LabError. */
  return async ({ folder, file }: StoredRun, signal: AbortSignal): Promise<QualityMeasured> => {
    const { experiment } = file
    await checkData(file, infoOf)
    const { device } = await starting.deviceOf(file)
    if (signal.aborted) throw new Error('Cut off') // said to nobody
    const { checkpoint } = runFolderFiles(folder)
    const folders = { dataFolder: dataFolder(experiment.dataset), cacheFolder }
    return supervisor.quality({ experiment, device, ...folders, checkpoint, recorded: lossesOf(file) }, signal)
  }
}

/** Whether a run has ended, and nobody knows what it is worth. */
export function isMeasurable({ state, measured }: Pick<RunSummary, 'state' | 'measured'>): boolean {
  return (state === 'finished' || state === 'stopped') && !measured
}

/** Writes the quality of a run down; answers with the file, or null where the run has changed since it was `seen`. Throws LabError. */
export async function keepQuality(
  { folder, file: seen }: StoredRun,
  quality: QualityMeasured
): Promise<RunFile | null> {
  if (await readOwner(folder)) return null
  const losses = JSON.stringify(lossesOf(seen))
  return changeRun(folder, 'finishing', (now) => {
    const measured = !isUnmeasured(now)
    if (!isMeasurable({ state: now.status, measured }) || JSON.stringify(lossesOf(now)) !== losses) return null
    return { ...withQuality(now, quality), id: seen.id, error: null } // an error was why it was not measured
  })
}
