// The door to the report: it is drawn in a process of its own, where alone the native library is loaded. Whoever asks goes on answering.
import { LabError } from '@shared/errors'
import { createLimit } from '@shared/limit'
import type { Figure } from '../report/figure'
import type { ReportCommand } from '../report/messages'
import type { ReportInput } from '../report/report'
import { programHere } from '../system/installed-program'
import type { SpawnReport } from './child-process'

const FIGURES_AT_ONCE = 1

export type DrawReport = (input: ReportInput) => Promise<Uint8Array>

/** A figure as a PDF of one page. */
export type DrawFigure = (figure: Figure) => Promise<Uint8Array>

/**
 * Makes the report of a run in any state, or of several compared, in the form that is asked for. Rejects with a LabError, or with the defect itself, whose stack is that of the process, so that whoever asks can log it.
 */
export function drawInProcess(spawn: SpawnReport): DrawReport {
  return (input) => drawn(spawn, input)
}

/** Rejects as drawInProcess, with LabError `bad-value` for an SVG that is none or refers to anything outside itself. */
export function figureInProcess(spawn: SpawnReport): DrawFigure {
  const limited = createLimit({ atOnce: FIGURES_AT_ONCE })
  return (figure) => limited(() => drawn(spawn, { figure }))
}

function drawn(spawn: SpawnReport, input: ReportCommand['input']): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const process = spawn()
    process.onEvent((event) => {
      if ('report' in event) resolve(event.report)
      else reject('error' in event ? LabError.from(event.error) : event.defect)
    })
    process.onExit(({ code, signal, stderr }) => {
      const error = new Error(
        `The process that draws the report ended (${signal ?? `code ${code}`}) before it answered`
      )
      if (stderr) error.stack = `${error.message}\n${stderr}`
      reject(error)
    })
    process.send({ input, program: programHere() })
  })
}
