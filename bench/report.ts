// How long reports of finished runs take, as the lab makes them: runs and digits read, a process started, the pages typeset; and their bytes.
// `npm run measure:report` trains the runs and starts this with the folder of a build and the ids of each report, separated by commas.
import { join } from 'node:path'
import { forkReport } from '../src/main/lab/fork'
import { makeReportInProcess } from '../src/main/lab/report-in-process'
import { appPaths } from '../src/main/system/paths'
import { openLab } from '../tests/fixtures/lab'

const ROUNDS = 7

async function main([build = '', ...reports]: string[]): Promise<void> {
  const home = { folder: '', paths: appPaths(), remove: async () => undefined }
  const drawReport = makeReportInProcess(forkReport(join(build, 'report-process.js')))
  const lab = openLab(home, join(build, 'trainer.js'), { drawReport })
  await lab.calls.listRuns()
  for (const ids of reports.map((list) => list.split(','))) {
    const milliseconds: number[] = []
    let bytes = 0
    for (let round = 0; round < ROUNDS; round++) {
      const before = performance.now()
      bytes = (await lab.calls.exportReport(ids)).length
      milliseconds.push(Math.round(performance.now() - before))
    }
    console.log(JSON.stringify({ milliseconds, bytes }))
  }
  await lab.close()
}

void main(process.argv.slice(2))
