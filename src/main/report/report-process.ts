// Entry of the process that draws one report, or one figure, built to out/main/report-process.js. It ends with it: a long-lived process would keep the
// memory that the native library took.
import { LabError } from '@shared/errors'
import { parentPort } from '../system/parent-port'
import type { ReportCommand, ReportEvent } from './messages'
import { drawFigure } from './figure'
import { drawReport } from './report'

const port = parentPort<ReportCommand, ReportEvent>()
port.onClose(() => process.exit(0)) // nobody is left to draw for
port.onCommand((command) => void answer(command))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined) // the lab ends it

async function answer({ input, program }: ReportCommand): Promise<void> {
  const drawn = 'figure' in input ? drawFigure(input.figure) : drawReport(input, program)
  port.send(await drawn.then((report) => ({ report }), failed))
  await port.flush()
  process.exit(0)
}

function failed(error: unknown): ReportEvent {
  if (error instanceof LabError) return { error: error.data }
  return { defect: error instanceof Error ? error : new Error(String(error)) }
}
