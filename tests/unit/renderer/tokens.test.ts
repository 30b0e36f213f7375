// The window's design tokens: each is used somewhere.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const folder = join(__dirname, '../../../src/renderer')

it('has no token that nothing uses', () => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const texts = names
    .filter((name) => /\.(css|vue|ts)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const tokens = readFileSync(join(folder, 'styles/tokens.css'), 'utf8').matchAll(/^ *(--[a-z0-9-]+):/gm)
  const unused = [...new Set(Array.from(tokens, ([, name = '']) => name))].filter(
    (name) => !texts.some((text) => text.includes(`var(${name})`) || text.includes(`'${name}'`))
  )
  expect(unused).toEqual([])
})
