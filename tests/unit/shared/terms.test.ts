import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cutText } from '@shared/cut-text'
import { DIVERGED_FACTOR, DIVERGED_REMEDY } from '@shared/divergence'
import { formatCountInWords } from '@shared/format'
import { hyperparameterKeys } from '@shared/hyperparameters'
import { glossary, termOfHyperparameter, terms } from '@shared/terms'

it('has a term for every hyperparameter, and sentences that end', () => {
  for (const key of hyperparameterKeys) expect(terms[termOfHyperparameter[key]], key).toBeDefined()
  for (const { term, says, from } of Object.values(terms)) {
    expect(says, term).toMatch(/^[A-Z0-9].*\.$/)
    expect(from, term).toMatch(/^[A-Z0-9(].*\.$/)
  }
  expect(new Set(Object.values(terms).map(({ term }) => term)).size).toBe(Object.keys(terms).length)
})

it('says of divergence what the rule is', () => {
  expect(terms.diverged.says).toContain(`more than ${formatCountInWords(DIVERGED_FACTOR)} times the mean image’s`)
  expect(terms.diverged.says.toLowerCase()).toContain(DIVERGED_REMEDY)
})

it('is what docs/glossary.md says', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../docs/glossary.md'), 'utf8')).toBe(glossary())
})

it('cuts a text visibly, and no character in two', () => {
  expect(cutText('short', 5)).toBe('short')
  expect(cutText('a longer one', 9)).toBe('a longer…')
  expect(cutText('four 👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 18)).toBe('four 👩‍👩‍👧‍👦…')
  expect(cutText('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 6)).toBe('…')
  for (let longest = 1; longest < 30; longest++)
    expect(cutText('é👩‍👩‍👧‍👦ñ🇩🇪 and more of it', longest).length).toBeLessThanOrEqual(longest)
})
