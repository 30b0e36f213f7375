// Each row of the hyperparameters by its own measure: what it parses, accepts, refuses, prints; and that no other list is needed.
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { presets } from '@shared/experiment'
import {
  displayValue,
  formatValue,
  hyperparameterKeys,
  hyperparameters,
  keyOf,
  rowOf,
  variableKeys,
  type HyperparameterKey,
  type HyperparameterValue
} from '@shared/hyperparameters'
import { activations, losses, optimizers } from '@shared/model'

interface Expected {
  /** Texts that a user may write, and the values that they mean. */
  accepted: [text: string, value: HyperparameterValue][]
  refused: string[]
  /** Values that come as data, from a view or a file. */
  refusedData: unknown[]
  display: string
  inName: string
}

const noWhole = ['', ' ', 'x', '-1', '0', '1.5', 'NaN', 'Infinity', '0x10', '1,00', '2 3']
const noWholeData: unknown[] = [0, -1, 1.5, NaN, Infinity, '5', null, undefined, [5], true]

const rows: Record<HyperparameterKey, Expected> = {
  latentDim: {
    accepted: [
      ['1', 1],
      [' 16 ', 16],
      ['4096', 4096]
    ],
    refused: [...noWhole, '4097'],
    refusedData: [...noWholeData, 4097],
    display: '16',
    inName: 'd = 16'
  },
  hidden: {
    accepted: [
      ['none', []],
      [' none ', []],
      ['128', [128]],
      ['1-4096-64-32', [1, 4096, 64, 32]]
    ],
    refused: ['', '0', '-', '128-', '-128', '128--64', '4097', '1.5', '1-2-3-4-5', 'none-1', '128,64', 'None'],
    refusedData: [null, undefined, 128, '128', [0], [4097], [1.5], ['128'], [1, 2, 3, 4, 5], { length: 0 }],
    display: '128',
    inName: 'hidden 128'
  },
  activation: {
    accepted: activations.map((name) => [` ${name} `, name]),
    refused: ['', 'Tanh', 'step', 'relu,tanh', '__proto__', 'toString'],
    refusedData: [null, undefined, 0, ['relu'], 'gelu'],
    display: 'relu',
    inName: 'relu'
  },
  optimizer: {
    accepted: Object.keys(optimizers).map((name) => [name, name as 'adam']),
    refused: ['', 'Adam', 'nadam', '__proto__', 'constructor'],
    refusedData: [null, undefined, 0, ['adam'], 'toString'],
    display: 'adam',
    inName: 'Adam'
  },
  learningRate: {
    accepted: [
      ['0.001', 0.001],
      ['5e-4', 0.0005],
      ['100', 100],
      ['1e-300', 1e-300]
    ],
    refused: ['', '0', '-1', '100.5', '101', 'NaN', 'Infinity', '1e-999', 'fast', '0,1'],
    refusedData: [0, -1, 101, NaN, Infinity, '0.1', null, undefined],
    display: '0.0005',
    inName: 'rate 0.0005'
  },
  loss: {
    accepted: losses.map((name) => [name, name]),
    refused: ['', 'BCE', 'mae', 'constructor'],
    refusedData: [null, undefined, 1, ['bce']],
    display: 'mse',
    inName: 'MSE loss'
  },
  batchSize: {
    accepted: [
      ['1', 1],
      ['1e3', 1000],
      ['60000', 60_000]
    ],
    refused: [...noWhole, '1e10'],
    refusedData: [...noWholeData, 2 ** 31],
    display: '1,000',
    inName: 'batch 1,000'
  },
  epochs: {
    accepted: [
      ['1', 1],
      ['1000', 1000]
    ],
    refused: [...noWhole, '1001'],
    refusedData: [...noWholeData, 1001],
    display: '1,000',
    inName: '1,000 epochs'
  },
  trainLimit: {
    accepted: [
      ['1', 1],
      ['512', 512],
      ['60000', 60_000]
    ],
    refused: [...noWhole, '1e10'],
    refusedData: [...noWholeData, 2 ** 31],
    display: '512',
    inName: '512 images'
  }
}

describe.each(hyperparameterKeys)('%s', (key) => {
  const row = rowOf(key)
  const { accepted, refused, refusedData, display, inName } = rows[key]

  it('takes what it should, and prints it so that it is read back', () => {
    for (const [text, value] of accepted) {
      const read = row.parse(text)
      expect(read, text).toEqual(value)
      expect(v.is(row.schema, read), text).toBe(true)
      expect(row.parse(row.format(value)), text).toEqual(value)
      expect(row.format(value)).toMatch(/^[a-zA-Z0-9.+-]+$/) // a word of a command line and of an id
    }
  })

  it('refuses all else, and names itself and what may be given', () => {
    const message = `${row.label.toLowerCase()}: expected ${row.expected}`
    for (const value of [...refused.map((text) => row.parse(text)), ...refusedData]) {
      const result = v.safeParse(row.schema, value)
      expect(result.success, JSON.stringify(value)).toBe(false)
      expect(result.issues?.[0].message).toBe(message)
    }
  })

  it('is shown and named', () => {
    const of = (text: string) => (accepted.find(([, value]) => displayValue(key, value) === text) ?? [])[1]
    const value = of(display)
    expect(value, display).toBeDefined()
    expect(row.inName(value as HyperparameterValue)).toBe(inName)
  })

  it('is known by its key and by its flag', () => {
    expect(row.flag).toMatch(/^--[a-z-]+$/)
    expect(keyOf(key)).toBe(key)
    expect(keyOf(row.flag.slice(2))).toBe(key)
  })
})

it('says of one image, one epoch and no layer what they are', () => {
  expect(hyperparameters.epochs.inName(1)).toBe('1 epoch')
  expect(hyperparameters.trainLimit.inName(1)).toBe('1 image')
  expect(hyperparameters.hidden.inName([])).toBe('no hidden layer')
  expect(hyperparameters.hidden.inName([128, 64])).toBe('hidden 128-64')
  expect(formatValue('hidden', [])).toBe('none')
})

it('no two share a flag, a label or a symbol; names of others are none of theirs', () => {
  for (const of of ['flag', 'label', 'symbol'] as const) {
    expect(new Set(hyperparameterKeys.map((key) => hyperparameters[key][of])).size).toBe(hyperparameterKeys.length)
  }
  for (const name of ['', 'seed', 'constructor', '__proto__', 'batch size', '--epochs']) {
    expect(keyOf(name), name).toBeUndefined()
  }
})

it('all but the number of images can be varied, and each preset has a value of every row', () => {
  expect(variableKeys).toEqual(hyperparameterKeys.filter((key) => key !== 'trainLimit'))
  for (const { base, varied } of Object.values(presets)) {
    expect(hyperparameterKeys.filter((key) => base[key] === undefined)).toEqual([varied.key])
  }
})
