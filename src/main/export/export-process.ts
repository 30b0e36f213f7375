// Entry of the process that exports, built to out/main/export-process.js: one job at low priority, then it ends. What it loads for a
// format, HDF5 say, goes with it.
import { toLabErrorData } from '@shared/errors'
import { parentPort } from '../system/parent-port'
import { niceness, yieldToOthers } from '../system/yield-to-others'
import { exportedFiles } from './export-run'
import type { ExportCommand, ExportEvent } from './messages'
import type { NamedFile } from '../system/zip'

const port = parentPort<ExportCommand, ExportEvent>()
port.onClose(() => process.exit(0)) // nobody is left to export for
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined) // the lab ends it

const job: { files?: AsyncGenerator<NamedFile> } = {}
port.onCommand((command) => {
  if (command.type === 'export') {
    yieldToOthers(niceness.analysis)
    job.files = exportedFiles(command.job)
  }
  void answerNext()
})

async function answerNext(): Promise<void> {
  try {
    const next = await job.files?.next()
    if (next && !next.done) return port.send({ type: 'file', ...next.value })
    port.send({ type: 'done' })
  } catch (error) {
    port.send({ type: 'failed', error: toLabErrorData(error) })
  }
  await port.flush()
  process.exit(0)
}
