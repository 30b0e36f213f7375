import { it } from 'vitest'
import { noPoppler } from './read-pdf'

/** A test that reads the PDF with poppler's tools; skipped with the reason where they lack. */
export const poppler = it.extend<{ tools: null }>({
  tools: [
    async ({ skip }, use) => {
      skip(noPoppler !== '', noPoppler)
      await use(null)
    },
    { auto: true }
  ]
})
