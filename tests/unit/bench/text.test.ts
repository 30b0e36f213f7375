import { expect, it } from 'vitest'
import {
  articleText,
  busyText,
  comparisonText,
  epochEndText,
  formatSpread,
  profileText,
  skippedText,
  verdictText
} from '../../../bench/text'
import { verdictsOf } from '../../../bench/verdicts'
import { results } from './results'

it('lists each with its time, its time over ours and the article', () => {
  const [title, products, ours, jax] = comparisonText(results).split('\n')
  expect(title).toMatch(/ms a step +÷ ours +first loss +the article/)
  expect(products).toMatch(/^the products\/groups +2\.00 \(2\.00 – 2\.20\) +0\.67$/)
  expect(ours).toMatch(/^the onnxruntime\/cpu .* 1\.00 +0\.6189 +1 min 37 s$/)
  expect(jax).toMatch(/1\.40 \(1\.39 – 1\.40\) +0\.6133 +2 min 22 s$/)
})

it('says how much a busy core slows each down, and nothing where it was not measured', () => {
  expect(busyText(results)).toMatch(/the onnxruntime\/cpu +4\.00 +1\.33\n$/)
  expect(busyText({ ...results, entries: [] })).toBe('')
})

it('prints verdicts that there are and reasons for those that there are not', () => {
  const text = verdictText(verdictsOf(results))
  expect(text).toMatch(/24 models ÷ six +at most 4\.2 +4\.30 \(4\.10 – 5\.00\) +MISSED/)
  expect(text).not.toContain('TensorFlow')
  expect(skippedText(results)).toBe('not measured: TensorFlow.js (it is not installed)\n')
})

it('sets the article in full beside the estimates of the peers', () => {
  const text = articleText({ engine: 'onnxruntime', device: 'cpu', training: 71, command: 75 }, results)
  expect(text).toContain('1 min 11 s of training and validation, 1 min 15 s from')
  expect(text).toContain('the jax: 2 min 22 s, estimated from 3 epochs of the 70; 2.0 times as long')
})

it('sets an epoch with its end beside its steps alone', () => {
  const text = epochEndText({ whole: [1.5, 1.6, 1.7], stepsAlone: [1.5, 1.5, 1.5] })
  expect(text).toContain('reconstructions: 1.60 (1.50 – 1.70) s; its steps alone: 1.50 s')
  expect(text).toContain('ratio: 1.067 (1.000 – 1.133), 3 rounds in turn')
})

it('leaves out the ends of a spread that its middle says already', () => {
  expect(formatSpread({ median: 1, least: 0.999, most: 1.001 })).toBe('1.00')
})

it('gathers operators that hardly count in one line', () => {
  const operators = [
    { type: 'Gemm', callsPerStep: 8, milliseconds: 3 },
    { type: 'Mul', callsPerStep: 30, milliseconds: 0.98 },
    { type: 'Sqrt', callsPerStep: 4, milliseconds: 0.01 },
    { type: 'Neg', callsPerStep: 1, milliseconds: 0.01 }
  ]
  const text = profileText([{ latentDims: [16, 128], threads: 1, operators }])
  expect(text).toMatch(/^d = 16, 128 \(one thread\)/)
  expect(text).toMatch(/Gemm +8\.0 +3\.000 +75\.0 %/)
  expect(text).toMatch(/2 others +5\.0 +0\.020 +0\.5 %\nall +43\.0 +4\.000 +100\.0 %/)
  expect(text).not.toContain('Sqrt')
})
