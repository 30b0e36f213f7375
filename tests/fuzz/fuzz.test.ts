// The short form of `npm run fuzz`: every past failure again, and some hundred inputs a reader. A failure's input is kept by the long form.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tryInput } from './fuzzer'
import { inputAt } from './inputs'
import type { OpenReader } from './reader'
import { readers } from './readers'

const SEED = 1
const INPUTS = 300
const PATIENCE_MILLISECONDS = 300_000

describe.each(readers)('$name', (reader) => {
  const place = mkdtempSync(join(tmpdir(), 'bottleneck-lab-fuzz-'))
  const corpus = join(__dirname, 'corpus', reader.name)
  let open: OpenReader
  let seeds: Buffer[]

  beforeAll(async () => {
    const [own, aside] = [join(place, 'own'), join(place, 'seeds')]
    for (const folder of [own, aside]) mkdirSync(folder)
    seeds = await reader.seeds(aside)
    open = await reader.open(own)
  })
  afterAll(async () => {
    await open.close?.()
    rmSync(place, { recursive: true })
  })

  test.each(existsSync(corpus) ? readdirSync(corpus) : [])('%s', async (name) => {
    expect((await tryInput(open, readFileSync(join(corpus, name)))).fault).toBeNull()
  })

  test(
    `${INPUTS} inputs`,
    async () => {
      for (let index = 0; index < INPUTS; index++) {
        const { fault } = await tryInput(open, inputAt(reader, seeds, SEED, index))
        expect({ index, fault }).toEqual({ index, fault: null })
      }
    },
    PATIENCE_MILLISECONDS
  )
})

test('every folder of the corpus is that of a reader', () => {
  expect(readers.map(({ name }) => name)).toEqual(expect.arrayContaining(readdirSync(join(__dirname, 'corpus'))))
})
