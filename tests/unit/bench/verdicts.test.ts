import { expect, it } from 'vitest'
import { verdictsOf } from '../../../bench/verdicts'
import { results } from './results'

const outcomes = Object.fromEntries(verdictsOf(results).map(({ question, outcome }) => [question, outcome]))

it('judges the median against floor and goal', () => {
  expect(outcomes['ours ÷ the products/groups']).toBe('met') // 1.5: at most 1.6, not at most 1.35
  expect(outcomes['JAX ÷ ours']).toBe('met') // 1.4: at least 1.35, not at least 1.5
  expect(outcomes['with a core busy, ours ÷ the products/groups']).toBe('goal') // 1.33
  expect(outcomes['24 models ÷ six']).toBe('missed') // 4.3
})

it('judges memory by its largest size and by what it gained since the second epoch', () => {
  expect(outcomes['trainer, largest size in MB']).toBe('met') // 420
  expect(outcomes['trainer, growth from epoch 2 on in %']).toBe('missed') // 5
})

it('judges what an epoch’s end adds to its steps', () => {
  expect(outcomes['an epoch with its end ÷ its steps alone']).toBe('met') // 1.07
})

it('has no verdict where something was not measured', () => {
  expect(outcomes['TensorFlow.js ÷ ours']).toBeNull()
  expect(outcomes['with a core busy, JAX ÷ ours']).toBeNull()
})
