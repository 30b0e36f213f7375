// Scripts and notebook: what they say of a recipe, and that no text of a user becomes code. tests/interop runs them.
import { describe, expect, test } from 'vitest'
import { kerasScript, notebook, pytorchScript } from '../../../src/main/export/code/scripts'
import { pythonText } from '../../../src/main/export/code/python'
import { optimizers } from '../../../src/shared/model'
import { hostileRun } from '../../fixtures/exported-model'
import { fixtureRun } from '../../fixtures/run-file'

const scripts = { keras: kerasScript, pytorch: pytorchScript }

describe.each(Object.entries(scripts))('%s script', (tool, script) => {
  test('trains each model by its own recipe', () => {
    const run = fixtureRun({ latentDims: [2, 8] })
    const { base } = run.experiment
    const code = script({
      ...run,
      experiment: { ...run.experiment, base: { ...base, hidden: [64], trainLimit: 5000 }, seeds: [3, 4] }
    })
    const recipe = 'optimizer="adam", learning_rate=0.001, loss="bce", batch_size=256, epochs=50'
    for (const seed of [3, 4]) {
      expect(code).toContain(
        `dict(id="d=8.seed=${seed}", layers=[(64, "relu"), (8, "relu"), (64, "relu"), (784, "sigmoid")], ${recipe}, seed=${seed}),`
      )
    }
    expect(code.match(/^ {4}dict\(id=/gm)).toHaveLength(4)
    expect(code).toContain('TRAIN_IMAGES = 5000')
    expect(code).toContain('ROWS, COLUMNS = 28, 28')
  })

  test('has every optimizer with the constants of the lab, and those alone that are used', () => {
    const run = fixtureRun()
    const { optimizer: _, ...base } = { ...run.experiment.base, latentDim: 2 }
    const values = Object.keys(optimizers) as (keyof typeof optimizers)[]
    const code = script({ ...run, experiment: { ...run.experiment, base, varied: { key: 'optimizer', values } } })
    for (const [name, row] of Object.entries(optimizers)) {
      const own = new RegExp(
        tool === 'keras' ? `^ {4}"${name}": lambda rate: (.*),$` : `^def ${name}\\(([^]*?)\\n\\n\\n`,
        'm'
      )
      const text = own.exec(code)?.[1] ?? ''
      const { beta1, beta2, epsilon, rho, momentum, weightDecay } = row as unknown as Partial<Record<string, number>>
      const constants = [beta1, beta2, epsilon, rho, momentum, weightDecay].filter((value) => value !== undefined)
      for (const constant of constants) expect(text).toContain(String(constant))
    }
    const ofAdam = script(run)
    expect(ofAdam).not.toMatch(/rmsprop|adagrad/i)
  })

  test('keeps what a user has written in comments and texts', () => {
    const code = script(hostileRun())
    const lines = code.split(/[\r\n\u2028\u2029\u0085\f\v]/)
    expect(lines.filter((line) => line.includes('import os') && !line.startsWith('#') && line !== 'import os')).toEqual(
      []
    )
    expect(lines.filter((line) => line === 'import os')).toHaveLength(tool === 'keras' ? 1 : 0) // its own
    expect(code).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/)
    expect(code).toContain('one after another: not known')
  })
})

test('a data set that no tool brings has to be named', () => {
  const run = fixtureRun()
  const own = { ...run, experiment: { ...run.experiment, dataset: 'my-data' } }
  for (const code of [kerasScript(own), pytorchScript(own), notebook(own)]) {
    expect(code).not.toMatch(/datasets|fetches/)
    expect(code).toContain('my-data')
  }
})

test('the notebook is one of format 4.5 whose first cell says a name as a name, not as markup', () => {
  const { nbformat, nbformat_minor, cells } = JSON.parse(notebook(hostileRun())) as {
    nbformat: number
    nbformat_minor: number
    cells: { id: string; cell_type: string; source: string; metadata: { tags?: string[] } }[]
  }
  expect([nbformat, nbformat_minor]).toEqual([4, 5])
  expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length)
  expect(cells[0]).toMatchObject({ cell_type: 'markdown' })
  expect(cells[0]?.source).toContain('\\$x\\$ \\<\\/script\\>')
  expect(cells.filter(({ metadata }) => metadata.tags?.includes('parameters'))).toHaveLength(1)
})

test('a text as a Python literal', () => {
  expect(pythonText('a"b\\c\n\u0007\u2028\u202e\u{1f600}')).toBe('"a\\"b\\\\c\\n\\u0007\\u2028\\u202e\u{1f600}"')
})
