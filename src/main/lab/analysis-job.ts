// One analysis: the process that computes it, and the answer that those who asked wait for.
import type { Analysis } from '@shared/analysis'
import { LabError } from '@shared/errors'
import type { AnalysisJob } from '../analysis/messages'
import type { Log } from '../system/log'
import type { SpawnAnalysis } from './child-process'

export interface RunningJob {
  /** Null where it was ended before. Rejects with what the process has failed with. */
  answer: Promise<Analysis | null>
  end(): void
}

/** Starts a process for the job; `onProgress` hears how far it is. Throws LabError `not-supported` where there is none to start. */
export function startJob(
  spawn: SpawnAnalysis | undefined,
  job: AnalysisJob,
  onProgress: (share: number, step: string) => void,
  log: Log
): RunningJob {
  if (!spawn) throw new LabError('not-supported', 'Nothing can be analysed here')
  const process = spawn()
  let isEnded = false
  const answer = new Promise<Analysis | null>((resolve, reject) => {
    process.onEvent((event) => {
      if (event.type === 'progress') onProgress(event.share, event.step)
      else if (event.type === 'failed') reject(LabError.from(event.error))
      else resolve(event.analysis)
    })
    process.onExit(({ stderr, lastWords }) => {
      if (isEnded) return resolve(null)
      if (stderr) log.warn(`An analysis has ended; what it wrote last:\n${stderr}`)
      reject(new LabError('internal', 'The analysis has ended before it was done', { found: lastWords ?? stderr }))
    })
  })
  process.send({ type: 'analyse', job })
  const end = () => {
    isEnded = true
    process.kill()
  }
  return { answer: answer.finally(end), end }
}
