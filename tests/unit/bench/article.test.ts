import { expect, it } from 'vitest'
import { estimateArticles } from '../../../bench/article'
import type { Contender, Work } from '../../../bench/contender'

it('estimates from as many epochs as asked for, however long they are', async () => {
  const asked: Work[] = []
  const slow: Contender = {
    name: 'keras',
    title: 'Keras',
    kind: 'peer',
    run: (work) => {
      asked.push(work)
      return Promise.resolve({ seconds: (work.images / 60_000) * 100, losses: [] })
    },
    close: () => Promise.resolve()
  }
  const [estimate] = await estimateArticles([slow], 3, { skipped: [], say: () => undefined })
  expect(estimate).toMatchObject({ epochs: 3, seconds: 7000 })
  expect(asked.filter(({ images, validate }) => images === 60_000 && validate)).toHaveLength(3)
})
