// Reports of runs: what one shows is gathered here, what is missing of it is computed, and the PDF is put into the run folder.
import type { Probes } from '@shared/contract'
import { epochsDone, type RunFile } from '@shared/run'
import type { ReportInput } from '../report/report'
import { atomicWrite } from '../system/atomic-write'
import type { StoredRun } from './library'
import { withBaseline } from './run-file'
import { readDigits, runFolderFiles, writeRunFile } from './run-folder'

export interface Reports {
  /** Writes report.pdf of the run as it stands and answers with its bytes. Throws LabError. */
  write(run: Pick<StoredRun, 'folder' | 'file'>): Promise<Uint8Array>
  /** Like `write` for a run that nobody trains; a stop may have come before its PCA baseline was computed, which is made up for. */
  writeCompleted(id: string): Promise<Uint8Array>
}

export interface ReportsOptions {
  draw(input: ReportInput): Promise<Uint8Array>
  readProbes(): Promise<Probes>
  /** The run as it stands now. Throws LabError. */
  find(id: string): Promise<StoredRun>
  /** Test MSE of PCA for each of the run's series; null where it can't be had now. */
  computeBaseline(file: RunFile): Promise<number[] | null>
}

export function createReports({ draw, readProbes, find, computeBaseline }: ReportsOptions): Reports {
  async function write({ folder, file }: Pick<StoredRun, 'folder' | 'file'>): Promise<Uint8Array> {
    const last = Math.max(1, epochsDone(file))
    const { pixels: digits } = await readDigits(folder, file, last, last)
    const pdf = await draw({ file, probes: await readProbes(), digits })
    await atomicWrite(runFolderFiles(folder).report, pdf)
    return pdf
  }

  return {
    write,
    async writeCompleted(id) {
      const before = await find(id)
      if (!lacksBaseline(before)) return write(before)
      const pcaMse = await computeBaseline(before.file)
      const now = await find(id) // seconds have passed: it may be training again
      if (pcaMse === null || !lacksBaseline(now)) return write(now)
      const file = withBaseline(now.file, pcaMse)
      await writeRunFile(now.folder, file)
      return write({ ...now, file })
    }
  }
}

/** True of a run that has ended, as far as it came, without knowing what PCA reaches. */
function lacksBaseline({ file, owner }: StoredRun): boolean {
  return owner === null && epochsDone(file) > 0 && file.bounds.pcaMse === null
}
