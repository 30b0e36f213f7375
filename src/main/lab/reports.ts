// Reports of runs: what one shows is gathered here, and what is missing of it is computed. Drawing a report changes nothing of the run.
import type { Claims } from '@shared/analysis'
import type { Probes } from '@shared/contract'
import { LabError, toLabErrorData } from '@shared/errors'
import { formatBytes } from '@shared/format'
import { createLimit } from '@shared/limit'
import type { ReportOptions } from '@shared/report-options'
import { epochsDone, type RunFile, type RunState } from '@shared/run'
import { lossesCsv } from '../export/losses-csv'
import type { ReportedRun, ReportForm, ReportInput } from '../report/report'
import { atomicWrite } from '../system/atomic-write'
import { withNeed } from './disk-need'
import { storedState, type StoredRun } from './stored-run'
import { withBaseline } from './run-file'
import { readDigits } from './digits-file'
import { runFileText, runFolderFiles } from './run-folder'

const DRAWN_AT_ONCE = 2 // each in a process of its own

/** A run as it stands. */
export type StandingRun = Pick<StoredRun, 'folder' | 'file'> & { state: RunState }

export interface Reports {
  /**
   * The report of a run, or of several compared, as a PDF or in another form: as they stand, or by the ids of those that nobody trains; a stop may have come before such a
   * run's PCA baseline was computed, which is made up for. Throws LabError.
   */
  draw(runs: readonly (StandingRun | string)[], options: ReportOptions, form?: ReportForm): Promise<Uint8Array>
  /** Puts a PDF into the run folder and answers with its path. Throws LabError `not-writable` or `disk-full`. */
  save(folder: string, pdf: Uint8Array): Promise<string>
  /** Whether any is being drawn or saved now, or waits for its turn. */
  isWriting(): boolean
}

export interface ReportsOptions {
  draw(input: ReportInput): Promise<Uint8Array>
  /** Of this program. */
  version: string
  /** Of a run's data set. Throws LabError where it is gone or another. */
  readProbes(file: RunFile): Promise<Probes>
  /** What the analysis of the last complete epoch found; null where it was not made. */
  readClaims(run: Pick<StoredRun, 'folder' | 'file'>): Promise<Claims | null>
  /** The run as it stands now. Throws LabError. */
  find(id: string): Promise<StoredRun>
  /** Test MSE of PCA for each of the run's series; null where it can't be had now. */
  computeBaseline(file: RunFile): Promise<number[] | null>
}

export function createReports({
  draw,
  version,
  readProbes,
  readClaims,
  find,
  computeBaseline
}: ReportsOptions): Reports {
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

  async function drawRuns(...[runs, options, form = 'pdf']: Parameters<Reports['draw']>): Promise<Uint8Array> {
    const reported: ReportedRun[] = []
    for (const run of runs) reported.push(await gather(typeof run === 'string' ? await completed(run) : run))
    return draw({ runs: reported, options, version, form })
  }

  async function gather({ folder, file, state }: StandingRun): Promise<ReportedRun> {
    const claims = epochsDone(file) > 0 ? await readClaims({ folder, file }) : null
    return { file, state, claims, attached: attachedOf(file), ...(await imagesOf(folder, file)) }
  }

  async function imagesOf(folder: string, file: RunFile): Promise<Images> {
    try {
      return { probes: await readProbes(file), ...(await lastDigits(folder, file)) }
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      const probes = { pixels: new Uint8Array(), labels: [], indices: [] }
      return { probes, digits: new Uint8Array(), missing: `No images: ${withoutStop(error)}.` }
    }
  }

  async function completed(id: string): Promise<StandingRun> {
    const before = await find(id)
    if (!lacksBaseline(before)) return asStanding(before)
    const pcaMse = await computeBaseline(before.file)
    const now = await find(id) // seconds have passed: it may be training again
    const file = pcaMse !== null && lacksBaseline(now) ? withBaseline(now.file, pcaMse) : now.file
    return { ...asStanding(now), file }
  }

  return {
    draw: (...asked) => counted(() => limited(() => drawRuns(...asked))),
    save: (folder, pdf) =>
      counted(async () => {
        const path = runFolderFiles(folder).report
        await atomicWrite(path, pdf).catch(async (error: unknown) => {
          throw await withNeed(error, path, formatBytes(pdf.byteLength))
        })
        return path
      }),
    isWriting: () => underWay > 0
  }
}

/** What a report has attached of a run. */
export function attachedOf(file: RunFile): ReportedRun['attached'] {
  return { runJson: runFileText(file), lossesCsv: lossesCsv(file) }
}

const withoutStop = ({ data }: LabError) => data.problem.replace(/^T/, 't')

type Images = Pick<ReportedRun, 'probes' | 'digits' | 'missing'>

const asStanding = (run: StoredRun): StandingRun => ({ folder: run.folder, file: run.file, state: storedState(run) })

/** The reconstructions after the last complete epoch, or why they are missing. */
async function lastDigits(folder: string, file: RunFile): Promise<Pick<Images, 'digits' | 'missing'>> {
  const none = new Uint8Array()
  const done = epochsDone(file)
  if (done === 0) return { digits: none, missing: '' }
  try {
    const { epochs, pixels } = await readDigits(folder, file, done, done)
    if (epochs > 0) return { digits: pixels, missing: '' }
    return { digits: none, missing: `No reconstructions: digits.bin does not reach to epoch ${done} or is missing.` }
  } catch (error) {
    const { found } = toLabErrorData(error)
    return { digits: none, missing: `No reconstructions: digits.bin is not usable${found && ` (${found})`}.` }
  }
}

/** True of a run that has ended, as far as it came, without knowing what PCA reaches. */
function lacksBaseline({ file, owner }: StoredRun): boolean {
  return owner === null && epochsDone(file) > 0 && file.bounds.pcaMse === null
}
