// Measures how fast views follow the hand: `npm run measure:views`. Trains short runs of its own first.
//   opening a large run from a click in the list to the frame that shows every chart and every digit of 24 models after 100 epochs
//   stroke to picture   from a pointer's move on the drawing pad to the frame that shows the copies of all models, 95th percentile
//   panning             time of a frame while 10,000 test digits are panned, as dots and as digits, two planes, 95th percentile
//   codes               from choosing another epoch's model to its map, for the widest code
// Nothing else should run meanwhile. The browser draws by software where there is no GPU, and says so.
import { withServedLab } from './served-lab.mjs'

const MOVES = 60
const LARGE = { name: 'Twenty-four', models: 24, epochs: 100 }
const SMALL = 'Six'
const OPENINGS = 5

await withServedLab({ prepare: trainRuns }, async (page) => {
  print('drawn by', await page.evaluate(rendererName))
  await measureOpening(page)
  await measureStrokes(page)
  await measureCodes(page)
  for (const look of ['Dots', 'Images']) await measurePanning(page, look)
})

function trainRuns(lab) {
  const dims = Array.from({ length: LARGE.models }, (_, index) => index + 2)
  const large = ['--dims', dims.join(','), '--epochs', String(LARGE.epochs), '--train-limit', '256']
  lab('run', '--preset', 'keras-blog', ...large, '--name', LARGE.name)
  lab('run', '--preset', 'keras-blog', '--epochs', '2', '--name', SMALL)
}

/** The large run is opened in turn with the small one: the first time nothing of it is there yet. */
async function measureOpening(page) {
  const open = async (name, models) => {
    const run = page.getByRole('navigation', { name: 'Runs' }).getByText(name, { exact: true })
    await run.waitFor()
    const shown = page.evaluate(timeToShow, { name, models })
    await run.click()
    return shown
  }
  const times = []
  for (let opening = 0; opening < OPENINGS; opening++) {
    await open(SMALL, 6)
    times.push(await open(LARGE.name, LARGE.models))
  }
  const what = `${LARGE.models} models, ${LARGE.epochs} epochs`
  print('opening a large run, the first time', `${Math.round(times[0])} ms`, what)
  report('opening it again', times.slice(1), what)
  await open(SMALL, 6)
}

/** In the page: milliseconds from the next click to the frame with the run's name, and charts and digits of all its models. */
function timeToShow({ name, models }) {
  return new Promise((resolve) => {
    addEventListener(
      'click',
      () => {
        const start = performance.now()
        const look = () => {
          const isThere = document.querySelector('h1')?.textContent?.includes(name)
          const charts = document.querySelectorAll('.row [data-chart] canvas').length
          const digits = document.querySelectorAll('[data-gallery] button[aria-label*="squared error"]').length
          if (isThere && charts === models && digits === 10 * models)
            requestAnimationFrame(() => resolve(performance.now() - start))
          else requestAnimationFrame(look)
        }
        look()
      },
      { capture: true, once: true }
    )
  })
}

async function measureStrokes(page) {
  await page.getByRole('tab', { name: 'Draw' }).click()
  const pad = page.locator('.pad')
  await pad.click() // a dot: the weights are there once it is copied
  await page
    .getByText(/of test digits/)
    .nth(5)
    .waitFor({ timeout: 120_000 })
  await page.evaluate(() => {
    globalThis.strokeTimes = []
    let moved = 0
    addEventListener('pointermove', () => (moved ||= performance.now()), { capture: true })
    const seen = () => {
      const start = moved
      moved = 0
      if (start) requestAnimationFrame(() => globalThis.strokeTimes.push(performance.now() - start))
    }
    // the copies' errors are written in the same turn in which the copies are drawn
    new MutationObserver(seen).observe(document.querySelector('.all'), { subtree: true, characterData: true })
  })
  const box = await pad.boundingBox()
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3)
  await page.mouse.down()
  for (let move = 0; move < MOVES; move++) {
    const angle = (move / MOVES) * 2 * Math.PI
    await page.mouse.move(
      box.x + box.width * (0.5 + 0.25 * Math.cos(angle)),
      box.y + box.height * (0.5 + 0.3 * Math.sin(angle))
    )
    await page.waitForTimeout(30)
  }
  await page.mouse.up()
  report('stroke to picture', await page.evaluate(() => globalThis.strokeTimes), 'six models')
}

async function measureCodes(page) {
  await page.getByRole('tab', { name: 'Latent space' }).click()
  await page.getByText('Computing codes …').first().waitFor({ state: 'hidden', timeout: 120_000 })
  const times = []
  for (const [label, axis] of [
    ['d = 64', 'codes of d = 64'],
    ['d = 32', 'codes of d = 32']
  ]) {
    const start = performance.now()
    await page.getByLabel('beside').selectOption({ label })
    await page.getByRole('application', { name: axis }).waitFor()
    await page.getByText('Computing codes …').first().waitFor({ state: 'hidden' })
    times.push(performance.now() - start)
  }
  print(
    'to the map of another model',
    `${times.map((time) => Math.round(time)).join(', ')} ms`,
    '10,000 codes of 64 and 32 units'
  )
}

async function measurePanning(page, look) {
  await page.getByRole('radio', { name: look }).click()
  await page.getByRole('radio', { name: 'Pan' }).click()
  const box = await page.locator('.plane').first().boundingBox()
  const at = (move) => [box.x + box.width * (0.4 + 0.002 * move), box.y + box.height * 0.5]
  await page.mouse.move(...at(0))
  await page.mouse.down()
  await page.evaluate(() => {
    const times = (globalThis.frameTimes = [])
    let last = performance.now()
    const frame = (now) => {
      times.push(now - last)
      last = now
      globalThis.frameRequest = requestAnimationFrame(frame)
    }
    globalThis.frameRequest = requestAnimationFrame(frame)
  })
  for (let move = 1; move <= MOVES; move++) await page.mouse.move(...at(move))
  await page.mouse.up()
  const times = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.frameRequest)
    return globalThis.frameTimes.slice(1)
  })
  report(`a frame while panning, as ${look.toLowerCase()}`, times, `10,000 points, ${times.length} frames`)
}

function rendererName() {
  const gl = document.createElement('canvas').getContext('webgl2')
  const info = gl?.getExtension('WEBGL_debug_renderer_info')
  return info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : 'the canvas itself: there is no WebGL2'
}

function report(what, times, how) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN)
  print(what, `${at(0.5)} ms, 95th percentile ${at(0.95)} ms`, how)
}

function print(what, figure, how = '') {
  process.stdout.write(`${what.padEnd(38)} ${figure}${how ? `  (${how})` : ''}\n`)
}
