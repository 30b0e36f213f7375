// What is exported, opened by the tools that it is for.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mnistFolder } from '../../src/main/data/mnist'
import { exportedRun, kerasBackend, lackOf, python, type ExportedRun } from './exported-run'

const few = ['--epochs', '3', '--train-limit', '10000', '--learning-rate', '0.01'] // so that answers differ from one another
const hostile = ['--name', '"""\\ \u{1f600} שלום $x$ </script>']

/** Shallow ones, and deep ones with each activation. */
const kinds = {
  shallow: [...few, ...hostile, '--preset', 'keras-blog', '--dims', '3,16', '--learning-rate', '0.003'],
  deep: [
    ...few,
    '--vary',
    'activation=tanh,relu,sigmoid,linear',
    '--hidden',
    '64-32',
    '--dims',
    '8',
    '--optimizer',
    'rmsprop'
  ]
}

describe.each(Object.entries(kinds))('models of a %s run', (_, options) => {
  let run: ExportedRun
  beforeAll(async () => {
    run = await exportedRun(...options)
  })
  afterAll(() => run.remove())

  const checks = [
    { script: 'check_onnx.py', needs: ['numpy', 'onnx', 'onnxruntime'], parts: 3 },
    { script: 'check_keras.py', needs: ['numpy', 'keras', kerasBackend()], parts: 3 },
    { script: 'check_safetensors.py', needs: ['numpy', 'safetensors'], parts: 3 },
    { script: 'check_codes.py', needs: ['numpy'], parts: 1 }
  ]
  test.for(checks)('$script', ({ script, needs, parts }, { skip }) => {
    const lack = lackOf(...needs)
    skip(lack !== null, lack ?? '')
    const said = python(script, run.files, run.stem, ...run.models)
    process.stdout.write(said)
    expect(said.trim().split('\n')).toHaveLength(parts * run.models.length)
  })

  test('TensorFlow.js', ({ skip }) => {
    skip(!hasTensorflowJs(), 'no @tensorflow/tfjs in node_modules')
    const script = join(process.cwd(), 'tests', 'interop', 'load-tfjs.mjs')
    const said = execFileSync(process.execPath, [script, run.files, run.stem, ...run.models], { encoding: 'utf8' })
    process.stdout.write(said)
    expect(said.match(/^\S+ (en|de|autoen)coder: /gm)).toHaveLength(3 * run.models.length)
  })
})

describe('the experiment as code', () => {
  let run: ExportedRun
  beforeAll(async () => {
    const varied = ['--vary', 'optimizer=adam,adamw,rmsprop,sgd,adagrad', '--dims', '8']
    run = await exportedRun(...few, ...hostile, ...varied)
  })
  afterAll(() => run.remove())

  const scripts = [
    { script: 'keras.py', needs: ['numpy', 'matplotlib', 'keras', kerasBackend()] },
    { script: 'pytorch.py', needs: ['numpy', 'matplotlib', 'torch'] }
  ]
  test.for(scripts)('$script', ({ script, needs }, { skip }) => {
    const lack = lackOf(...needs)
    skip(lack !== null, lack ?? '')
    const few = ['--data', mnistFolder(), '--epochs', '1', '--train-limit', '512', '--out', run.home]
    const environment = { ...process.env, KERAS_BACKEND: kerasBackend(), CUDA_VISIBLE_DEVICES: '' }
    const argv = [join(run.files, `${run.stem}-${script}`), ...few]
    const said = execFileSync('python3', argv, { encoding: 'utf8', env: environment })
    expect(said.match(/^optimizer=\w+: validation loss 0\.\d{4}, BCE 0\.\d{4}, MSE 0\.\d{5}$/gm)).toHaveLength(5)
    for (const picture of ['losses.png', 'comparison.png', 'reconstructions.png']) {
      expect(existsSync(join(run.home, picture))).toBe(true)
    }
  })

  test('notebook', ({ skip }) => {
    const lack = lackOf('numpy', 'matplotlib', 'keras', kerasBackend(), 'nbclient', 'ipykernel')
    skip(lack !== null, lack ?? '')
    expect(python('run_notebook.py', join(run.files, `${run.stem}.ipynb`), mnistFolder(), run.home)).toBe(
      '3 pictures\n'
    )
  })
})

function hasTensorflowJs(): boolean {
  try {
    createRequire(__filename).resolve('@tensorflow/tfjs')
    return true
  } catch {
    return false
  }
}
