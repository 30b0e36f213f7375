// A report to be verified, which may be anybody's PDF.
import { readdirSync, writeFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { join } from 'node:path'
import { LabError, toLabErrorData } from '../../../src/shared/errors'
import { createReportVerifier } from '../../../src/main/lab/verify-report'
import { runFileText } from '../../../src/main/lab/run-folder'
import { hostileReport, withOwnDigest } from '../../fixtures/changed-report'
import { fixtureRun } from '../../fixtures/run-file'
import { Fault, type FuzzReader } from '../reader'

const run = () => deflateSync(runFileText(fixtureRun({ latentDims: [2], epochs: 1 })))

export const reports: FuzzReader = {
  name: 'reports',
  form: 'bytes',
  seeds: () => [hostileReport('run.json', run())],
  seal: (input) => withOwnDigest(input),
  open(folder) {
    const path = join(folder, 'report.pdf')
    const infoOf = () => Promise.reject(new LabError('not-found', 'There is no such data set'))
    const verify = createReportVerifier({ infoOf, computeBounds: () => Promise.resolve(null) })
    return {
      async read(input) {
        writeFileSync(path, input)
        const { parts, recomputed, verdict } = await verify(path)
        const left = readdirSync(folder).filter((name) => name !== 'report.pdf')
        if (left.length > 0) throw new Fault(`left ${left.join(', ')}`)
        if (verdict === 'unchanged' && parts.length === 0) throw new Fault('unchanged without a look at it')
        const told = new LabError('bad-file', 'parts', {
          found: [...parts, ...recomputed].map(({ part, detail }) => `${part}: ${detail}`).join('; ')
        })
        return [toLabErrorData(told)]
      }
    }
  }
}
