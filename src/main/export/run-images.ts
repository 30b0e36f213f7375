// The twenty probes of a run, and what its models made of them epoch by epoch.
import { LabError } from '@shared/errors'
import type { RunFile } from '@shared/run'
import { loadTestSet } from '../data/datasets'
import { probesOf } from '../data/probes'
import { readDigitsAt } from '../trainer/kept-digits'
import type { ExportJob } from './messages'

export interface RunImages {
  /** [20 × pixels] uint8; null where the data set is gone or is another now. */
  originals(): Promise<Uint8Array | null>
  /** [models × 20 × pixels] uint8 after an epoch, from 1; null where the run keeps none. Throws as readDigitsAt. */
  reconstructions(epoch: number): Promise<Uint8Array | null>
}

export function runImages({ file, digits, dataFolder }: Pick<ExportJob, 'file' | 'digits' | 'dataFolder'>): RunImages {
  return {
    originals: () =>
      originalsOf(file, dataFolder).catch((error: unknown) => {
        if (error instanceof LabError) return null
        throw error
      }),
    async reconstructions(epoch) {
      const { epochs, pixels } = await readDigitsAt(digits, file, epoch, epoch)
      return epochs > 0 ? pixels : null
    }
  }
}

async function originalsOf({ experiment, dataset }: RunFile, folder: string): Promise<Uint8Array | null> {
  const found = await loadTestSet(experiment.dataset, folder)
  return found.info.sha256 === dataset.sha256 ? probesOf(found).pixels : null
}
