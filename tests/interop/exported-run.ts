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

/** Why Python can't be used with these modules; null where it can. */
export function lackOf(...modules: string[]): string | null {
  const missing = modules.filter((module) => {
    try {
      execFileSync(
        'python3',
        ['-c', `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`],
        {
          stdio: 'ignore'
        }
      )
      return false
    } catch {
      return true
    }
  })
  return missing.length > 0 ? `Python lacks ${missing.join(', ')}` : null
}

/** Runs a script of tests/interop/python and answers with its output; throws with its errors where it fails. */
export function python(script: string, ...argv: string[]): string {
  const path = join(process.cwd(), 'tests', 'interop', 'python', script)
  const environment = { ...process.env, KERAS_BACKEND: kerasBackend(), CUDA_VISIBLE_DEVICES: '' }
  return execFileSync('python3', [path, ...argv], {
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe']
  })
}

/** The library that Keras computes with here: JAX where it is installed, which loads fastest. */
export function kerasBackend(): string {
  return ['jax', 'tensorflow', 'torch'].find((module) => lackOf(module) === null) ?? 'jax'
}
