// `npm run screenshots`: pictures of every screen from the real application into `--out` (default test-results/screenshots), light and dark at
// 1440 × 900 and 1024 × 700, light at 1920 × 1080 and at 200 % zoom, with what is wrong with their layout; those that the documents show are
// copied to docs/images, as is an animation of twenty seconds. `--epochs N` (default 50) of the Keras blog's recipe are trained for them;
// `--only screens` or `--only animation` makes one of the two.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { animationOf } from './pictures/animation.mjs'
import { layoutFaults } from './pictures/layout-faults.mjs'
import { showAll, trainRuns } from './pictures/screens.mjs'
import { withServedLab } from './served-lab.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'test-results/screenshots') },
    epochs: { type: 'string', default: '50' },
    only: { type: 'string' }
  }
})
/** What README shows. */
const inDocuments = [
  'finished-light-1440.png',
  'overlaid-log-time-dark-1440.png',
  'latent-space-light-1440.png',
  'draw-light-1440.png',
  'compare-light-1440.png'
]
const first = { width: 1440, height: 900, name: '1440' }
const small = { width: 1024, height: 700, name: '1024' }
const looks = [
  {
    colorScheme: 'light',
    sizes: [first, small, { width: 1920, height: 1080, name: '1920' }, { width: 720, height: 450, name: '200' }]
  },
  { colorScheme: 'dark', sizes: [first, small] }
]

const documents = join(root, 'docs/images')
for (const folder of [values.out, documents]) mkdirSync(folder, { recursive: true })
if (values.only !== 'animation') {
  await withServedLab({ viewport: first }, (page, lab) =>
    showAll(
      page,
      (name) => take(page, name),
      () => trainRuns(lab, Number(values.epochs))
    )
  )
  for (const name of inDocuments) copyFileSync(join(values.out, name), join(documents, name))
}
if (values.only !== 'screens') writeFileSync(join(documents, 'twenty-seconds.gif'), await animationOf())

/** One screen in both themes and all sizes. */
async function take(page, name) {
  for (const { colorScheme, sizes } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.locator(`html[data-theme=${colorScheme}]`).waitFor()
    for (const size of sizes) {
      await page.setViewportSize(size)
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
      const picture = `${name}-${colorScheme}-${size.name}`
      await page.screenshot({ path: join(values.out, `${picture}.png`), animations: 'disabled' })
      for (const fault of await layoutFaults(page)) process.stdout.write(`${picture}: ${fault}\n`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(first)
  process.stdout.write(`${name}\n`)
}
