import { expect, it } from 'vitest'
import { replaceBlock } from '../../../bench/documents'

const document = 'before\n\n<!-- bench a -->\n\nold\n\n<!-- end -->\n\nbetween\n\n<!-- bench b -->\n<!-- end -->\n'

it('puts the text into its own block and leaves the rest', () => {
  const once = replaceBlock(replaceBlock(document, 'a', 'new\n'), 'b', 'other')
  expect(once).toContain('<!-- bench a -->\n\n```text\nnew\n```\n\n<!-- end -->\n\nbetween')
  expect(once).toContain('<!-- bench b -->\n\n```text\nother\n```\n\n<!-- end -->\n')
  expect(once).not.toContain('old')
  expect(replaceBlock(once, 'a', 'new\n')).toBe(once)
})

it('refuses a block that is not there', () => {
  expect(() => replaceBlock(document, 'c', '')).toThrow('no block c')
})
