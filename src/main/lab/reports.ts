// Reports of runs: what one shows is gathered here, and what is missing of it is computed. Drawing a report changes nothing of the run.
import type { Probes } from '@shared/contract'
import { LabError, toLabErrorData } from '@shared/errors'
import { createLimit } from '@shared/limit'
import { epochsDone, type RunFile, type RunState } from '@shared/run'
import type { ReportInput } from '../report/report'
import { atomicWrite } from '../system/atomic-write'
import { storedState, type StoredRun } from './stored-run'
import { withBaseline } from './run-file'
import { readDigits } from './digits-file'
import { runFolderFiles } from './run-folder'

const DRAWN_AT_ONCE = 2 // each in a thread that takes some 50 MB

/** A run as it stands. */
export type ReportedRun = Pick<StoredRun, 'folder' | 'file'> & { state: RunState }

export interface Reports {
  /** The PDF of the run as it stands. Throws LabError. */
  draw(run: ReportedRun): Promise<Uint8Array>
  /** Like `draw` for a run that nobody trains; a stop may have come before its PCA baseline was computed, which is made up for. */
  drawCompleted(id: string): Promise<Uint8Array>
  /** Puts a PDF into the run folder and answers with its path. Throws LabError `not-writable` or `disk-full`. */
  save(folder: string, pdf: Uint8Array): Promise<string>
  /** Whether any is being drawn or saved now, or waits for its turn. */
  isWriting(): boolean
}

export interface ReportsOptions {
  draw(input: ReportInput): Promise<Uint8Array>
  /** Of a run's data set. Throws LabError where it is gone or another. */
  readProbes(file: RunFile): Promise<Probes>
  /** The run as it stands now. Throws LabError. */
  find(id: string): Promise<StoredRun>
  /** Test MSE of PCA for each of the run's series; null where it can't be had now. */
  computeBaseline(file: RunFile): Promise<number[] | null>
}

export function createReports({ draw, readProbes, find, computeBaseline }: ReportsOptions): Reports {
  const limited = createLimit({ atOnce: DRAWN_AT_ONCE })
  let underWay = 0

  async function counted<T>(work: () => Promise<T>): Promise<T> {
    underWay += 1
    try {
      return await work()
    } finally {
      underWay -= 1
    }
  }

  async function drawRun({ folder, file, state }: ReportedRun): Promise<Uint8Array> {
    const probes = await readProbes(file).catch((error: unknown) => {
      if (error instanceof LabError) return error
      throw error
    })
    if (!(probes instanceof LabError)) return draw({ file, state, probes, ...(await lastDigits(folder, file)) })
    const nothing = { pixels: new Uint8Array(), labels: [], indices: [] }
    return draw({
      file,
      state,
      probes: nothing,
      digits: new Uint8Array(),
      missing: `No images: ${withoutStop(probes)}`
    })
  }

  async function drawCompleted(id: string): Promise<Uint8Array> {
    const before = await find(id)
    if (!lacksBaseline(before)) return drawRun(asReported(before))
    const pcaMse = await computeBaseline(before.file)
    const now = await find(id) // seconds have passed: it may be training again
    const file = pcaMse !== null && lacksBaseline(now) ? withBaseline(now.file, pcaMse) : now.file
    return drawRun({ ...asReported(now), file })
  }

  return {
    draw: (run) => counted(() => limited(() => drawRun(run))),
    drawCompleted: (id) => counted(() => limited(() => drawCompleted(id))),
    save: (folder, pdf) =>
      counted(async () => {
        const path = runFolderFiles(folder).report
        await atomicWrite(path, pdf)
        return path
      }),
    isWriting: () => underWay > 0
  }
}

const withoutStop = ({ data }: LabError) => data.problem.replace(/^T/, 't')

const asReported = (run: StoredRun): ReportedRun => ({ folder: run.folder, file: run.file, state: storedState(run) })

/** The digits after the last complete epoch, or why they are missing. */
async function lastDigits(folder: string, file: RunFile): Promise<Pick<ReportInput, 'digits' | 'missing'>> {
  const none = new Uint8Array()
  const done = epochsDone(file)
  if (done === 0) return { digits: none }
  try {
    const { epochs, pixels } = await readDigits(folder, file, done, done)
    if (epochs > 0) return { digits: pixels }
    return { digits: none, missing: `No reconstructions: digits.bin does not reach to epoch ${done} or is missing` }
  } catch (error) {
    const { found } = toLabErrorData(error)
    return { digits: none, missing: `No reconstructions: digits.bin is not usable${found && ` (${found})`}` }
  }
}

/** True of a run that has ended, as far as it came, without knowing what PCA reaches. */
function lacksBaseline({ file, owner }: StoredRun): boolean {
  return owner === null && epochsDone(file) > 0 && file.bounds.pcaMse === null
}
