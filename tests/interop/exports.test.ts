// What is exported, opened by the tools that it is for.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportedRun, few, hostile, type ExportedRun } from './exported-run'
import { kerasBackend, lackOf, pythonScript } from './python-tools'

const PATIENCE = 300_000 // a run is trained, and Python's libraries take their time to load

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
  }, PATIENCE)
  afterAll(() => run.remove())

  const checks = [
    { script: 'check_onnx.py', needs: ['numpy', 'onnx', 'onnxruntime'], parts: 3 },
    { script: 'check_keras.py', needs: ['numpy', 'keras', kerasBackend()], parts: 3 },
    { script: 'check_safetensors.py', needs: ['numpy', 'safetensors'], parts: 3 },
    { script: 'check_codes.py', needs: ['numpy'], parts: 1 }
  ]
  test.for(checks)('$script', { timeout: PATIENCE }, ({ script, needs, parts }, { skip }) => {
    const lack = lackOf(...needs)
    skip(lack !== null, lack ?? '')
    const said = pythonScript(script, run.files, run.stem, ...run.models)
    process.stdout.write(said)
    expect(said.trim().split('\n')).toHaveLength(parts * run.models.length)
  })

  test('TensorFlow.js', { timeout: PATIENCE }, ({ skip }) => {
    skip(!hasTensorflowJs(), 'no @tensorflow/tfjs in node_modules')
    const script = join(process.cwd(), 'tests', 'interop', 'load-tfjs.mjs')
    const said = execFileSync(process.execPath, [script, run.files, run.stem, ...run.models], { encoding: 'utf8' })
    process.stdout.write(said)
    expect(said.match(/^\S+ (en|de|autoen)coder: /gm)).toHaveLength(3 * run.models.length)
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
