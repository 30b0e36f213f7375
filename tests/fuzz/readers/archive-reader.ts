// A run as one file, which may be anybody's: what it is refused for leaves nothing.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quietly } from '../../../src/main/data/readers/read-images'
import { importRun } from '../../../src/main/lab/import-run'
import { packRun } from '../../../src/main/lab/pack-run'
import { runFolderFiles, writeRunFile } from '../../../src/main/lab/run-folder'
import { fixtureRun } from '../../fixtures/run-file'
import { Fault, type FuzzReader } from '../reader'

export const archives: FuzzReader = {
  name: 'archives',
  form: 'bytes',
  async seeds(folder) {
    await writeRunFile(folder, fixtureRun({ latentDims: [2], epochs: 1 }))
    writeFileSync(runFolderFiles(folder).digits, new Uint8Array(20 * 784))
    const out = join(folder, 'run.bottleneck')
    await packRun(folder, out, { weights: false, analyses: false, force: true }, quietly)
    return [readFileSync(out)]
  },
  open(folder) {
    const [path, runs] = [join(folder, 'run.bottleneck'), join(folder, 'runs')]
    return {
      async read(input) {
        writeFileSync(path, input)
        const left = () => readdirSync(folder).filter((name) => !['run.bottleneck', 'runs'].includes(name))
        const imported = await importRun(path, runs).finally(() => {
          if (left().length > 0) throw new Fault(`left ${left().join(', ')}`)
        })
        rmSync(join(runs, imported.id), { recursive: true })
        if (readdirSync(runs).length > 0) throw new Fault(`left ${readdirSync(runs).join(', ')}`)
      }
    }
  }
}
