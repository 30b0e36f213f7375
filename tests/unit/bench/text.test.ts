import { expect, it } from 'vitest'
import { blocksOf, formatSpread, kernelsText, verdictText } from '../../../bench/text'
import { verdictsOf } from '../../../bench/verdicts'
import { results } from './results'

const blocks = blocksOf(results)

it('lists each with its time, its time over ours, and what the recipe takes at this pace', () => {
  const [machine, day, , title, products, ours, many, jax] = (blocks.comparison ?? '').split('\n')
  expect(machine).toBe('A processor, 2 threads, 8 GB, linux x64, Node 20')
  expect(day).toBe('2026-11-25; median (least – most) of 3 rounds in turns')
  expect(title).toMatch(
    /^keras-blog, 256 images a step +ms a step +÷ ours +a core busy: ms +÷ ours +first loss +50 epochs$/
  )
  expect(products).toMatch(/^the numpy +3\.30 +1\.10 \(1\.00 – 1\.10\) +3\.00 +0\.75$/)
  expect(ours).toMatch(/^the cpu +3\.00 \(3\.00 – 3\.30\) +1\.00 +4\.00 +1\.00 +0\.6189 +40 s$/) // 50 · (235 · 3 ms + 95 ms)
  expect(many).toMatch(/4\.30 \(3\.73 – 5\.00\)$/)
  expect(jax).toMatch(/2\.20 \(2\.00 – 2\.40\) +0\.6133 +1 min 40 s$/)
})

it('sets instruction sets against the fastest', () => {
  expect(blocks.kernels).toMatch(/the sse2\/2 +9\.00 \(9\.00 – 10\.00\) +3\.00 \(2\.50 – 3\.00\)\n$/)
  expect(kernelsText([])).toBe('')
})

it('prints verdicts that there are and reasons for those that there are not', () => {
  expect(blocks.verdicts).toMatch(/24 models ÷ six +at most 3\.9 +4\.30 \(3\.73 – 5\.00\) +MISSED/)
  expect(blocks.verdicts).not.toContain('TensorFlow.js ÷')
  expect(blocks.verdicts).toMatch(/\nnot measured: TensorFlow\.js \(it is not installed\)\n$/)
  expect(verdictText([])).toBe('')
})

it('sets the article in full beside what the processor’s peak allows', () => {
  const [ours, limit] = (blocks.article ?? '').split('\n')
  expect(ours).toBe("cpu: 1 min 24 s of training and validation, 1 min 30 s from the command's start to its end")
  expect(limit).toContain('5.60 · 10¹² operations in products that can')
  expect(limit).toMatch(/200 · 10⁹ a second on 2 threads \(100 on one\): 28 s; training took 3\.0 times as long$/)
  expect(blocksOf({ ...results, peak: null }).article).toContain('peak was not measured')
})

it('sets an epoch with its end beside its steps alone', () => {
  expect(blocks['epoch-end']).toMatch(/reconstructions +1\.60 \(1\.60 – 1\.70\) +1\.067 \(1\.067 – 1\.133\)\n/)
  expect(blocks['epoch-end']).toMatch(/steps alone +1\.50 +1\.000\n$/)
})

it('leaves out what was not measured', () => {
  const nothing = { comparisons: [], kernels: [], epochEnds: null, memory: null, article: null, skipped: [] }
  expect(Object.values(blocksOf({ ...results, ...nothing })).join('')).toBe('')
})

it('leaves out the ends of a spread that its middle says already', () => {
  expect(formatSpread({ median: 1, least: 0.999, most: 1.001 })).toBe('1.00')
})

it('says all verdicts of what was measured', () => {
  expect(verdictText(verdictsOf(results)).trim().split('\n')).toHaveLength(9)
})
