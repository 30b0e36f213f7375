import { expect, it } from 'vitest'
import { verdictsOf } from '../../../bench/verdicts'
import { results } from './results'

const outcomes = Object.fromEntries(verdictsOf(results).map(({ question, outcome }) => [question, outcome]))

it('judges the median against floor and goal', () => {
  expect(outcomes['JAX ÷ ours, keras-blog']).toBe('met') // 2.2: at least 1.9, not at least 2.3
  expect(outcomes['JAX ÷ ours, article']).toBe('missed') // 2.0: at least 2.1
  expect(outcomes["NumPy's bare products ÷ ours, keras-blog"]).toBe('met') // 1.1
  expect(outcomes["NumPy's bare products ÷ ours, keras-blog, a core busy"]).toBe('missed') // 0.75
  expect(outcomes['24 models ÷ six']).toBe('missed') // 4.3
})

it('judges memory by its largest size', () => {
  expect(outcomes['trainer, largest size in MB']).toBe('met') // 420
})

it('judges what an epoch’s end adds to its steps, and what of it is no validation', () => {
  expect(outcomes['an epoch with its end ÷ its steps']).toBe('met') // 1.067
  expect(outcomes['what is no validation in that end ÷ the steps']).toBe('met') // (0, 0.01, 0.1) ÷ 1.5
})

it('has no verdict where something was not measured', () => {
  expect(outcomes['TensorFlow.js ÷ ours, keras-blog']).toBeNull()
  expect(outcomes['JAX ÷ ours, keras-blog, a core busy']).toBeNull()
})
