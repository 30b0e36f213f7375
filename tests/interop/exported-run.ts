// A small real run, exported by the command as built, and what this application's own engine makes of some test images.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { modelsOf } from '../../src/shared/experiment'
import { inputsOf } from '../../src/shared/forward'
import type { RunFile } from '../../src/shared/run'
import { openModels } from '../../src/main/analysis/analysed-models'
import { mnist, mnistFolder } from '../../src/main/data/mnist'
import { readCheckpoint } from '../../src/main/trainer/checkpoint'

const program = join(process.cwd(), 'out', 'main', 'index.js')
const IMAGES = 200

/** A short training whose answers differ from one another. */
export const few = ['--epochs', '3', '--train-limit', '10000', '--learning-rate', '0.01']
export const hostile = ['--name', '"""\\ \u{1f600} שלום $x$ </script>']

export interface ExportedRun {
  home: string
  /** The folder of the exported files, and what their names begin with. */
  files: string
  stem: string
  /** Ids of the models. */
  models: string[]
  remove(): void
}

/** Trains a run with these options of the command `run`, and exports all formats. */
export async function exportedRun(...options: string[]): Promise<ExportedRun> {
  const home = mkdtempSync(join(tmpdir(), 'interop-'))
  const command = (...argv: string[]) =>
    execFileSync(process.execPath, [program, ...argv], { env: { ...process.env, BOTTLENECK_LAB_HOME: home } })
  const run = join(home, 'run')
  const files = join(home, 'exported')
  command('run', ...options, '--device', 'cpu', '--out', run)
  const what = 'onnx,keras,safetensors,tfjs,codes,script-keras,script-pytorch,notebook'
  command('export', run, '--what', what, '--out', files)
  const file = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as RunFile
  await writeReference(file, run, files)
  const models = file.models.map(({ id }) => id)
  return { home, files, stem: file.id, models, remove: () => rmSync(home, { recursive: true, force: true }) }
}

/** Raw float32 of the first test images: `images.f32`, and of each model `ID-codes.f32` and `ID-reconstructions.f32`. */
async function writeReference(file: RunFile, run: string, files: string): Promise<void> {
  const { info, train, test } = await mnist.load(mnistFolder())
  const models = modelsOf(file.experiment, test.size)
  const owner = { experiment: file.experiment, models, datasetSha256: info.sha256 }
  const { states } = await readCheckpoint(join(run, 'checkpoint.safetensors'), owner)
  const atWork = await openModels({ models, weights: states.map(({ weights }) => weights) }, train, 1)
  const { code, reconstruction } = await atWork.forward(test, ['code', 'reconstruction'], 0, IMAGES)
  await atWork.close()
  writeFileSync(join(files, 'images.f32'), inputsOf(test.pixels.subarray(0, IMAGES * test.size)))
  models.forEach(({ id }, n) => {
    writeFileSync(join(files, `${id}-codes.f32`), code[n] as Float32Array)
    writeFileSync(join(files, `${id}-reconstructions.f32`), reconstruction[n] as Float32Array)
  })
}
