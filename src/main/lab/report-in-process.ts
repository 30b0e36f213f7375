// The door to the report: it is made in a process of its own, where alone the typesetter's native library is loaded. Whoever asks goes on answering.
import { LabError } from '@shared/errors'
import type { ReportInput } from '../report/report'
import { programHere } from '../system/installed-program'
import type { SpawnReport } from './child-process'

export type MakeReport = (input: ReportInput) => Promise<Uint8Array>

/**
 * Makes the report of a run in any state, or of several compared, in the form that is asked for. Rejects with a LabError, or with the defect itself, whose stack is that of the process, so that whoever asks can log it.
 */
export function makeReportInProcess(spawn: SpawnReport): MakeReport {
  return (input) =>
    new Promise((resolve, reject) => {
      const process = spawn()
      process.onEvent((event) => {
        if ('report' in event) resolve(event.report)
        else reject('error' in event ? LabError.from(event.error) : event.defect)
      })
      process.onExit(({ code, signal, stderr }) => {
        const error = new Error(
          `The process that makes the report ended (${signal ?? `code ${code}`}) before it answered`
        )
        if (stderr) error.stack = `${error.message}\n${stderr}`
        reject(error)
      })
      process.send({ input, program: programHere() })
    })
}
