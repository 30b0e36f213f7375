// Scripts and notebook of an experiment, run with Keras and PyTorch: `npm run test:interop` alone, since these libraries are large.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mnistFolder } from '../../src/main/data/mnist'
import { exportedRun, few, hostile, type ExportedRun } from './exported-run'
import { kerasBackend, lackOf, pythonFile, pythonScript } from './python-tools'

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
    const said = pythonFile(join(run.files, `${run.stem}-${script}`), ...few)
    expect(said.match(/^optimizer=\w+: validation loss 0\.\d{4}, BCE 0\.\d{4}, MSE 0\.\d{5}$/gm)).toHaveLength(5)
    for (const picture of ['losses.png', 'comparison.png', 'reconstructions.png']) {
      expect(existsSync(join(run.home, picture))).toBe(true)
    }
  })

  test('notebook', ({ skip }) => {
    const lack = lackOf('numpy', 'matplotlib', 'keras', kerasBackend(), 'nbclient', 'ipykernel')
    skip(lack !== null, lack ?? '')
    expect(pythonScript('run_notebook.py', join(run.files, `${run.stem}.ipynb`), mnistFolder(), run.home)).toBe(
      '3 pictures\n'
    )
  })
})
