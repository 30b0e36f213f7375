// Trains the published recipes on the full data and compares with figures that others measured (tests/fixtures/reference):
//   npm run reference                       on the fastest device
//   npm run reference -- --device cpu       on this one
// and trains some steps in Keras from the same weights, where its packages can be installed (bench/keras-weights.ts).
// Prints a line a model; exits 1 where a figure is outside its tolerance. Takes some minutes on two cores.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleBench } from './bundle-bench.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const reference = JSON.parse(readFileSync(join(root, 'tests/fixtures/reference/keras.json'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'bottleneck-lab-reference-'))
const SEEDS = 3

/** The run.json of a run with these options. */
function train(name, ...options) {
  const out = join(folder, name)
  const args = [join(root, 'scripts/lab.mjs'), 'run', ...options, ...process.argv.slice(2), '--out', out, '--json']
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))
}

const lastLoss = (model) => model.history.valLoss.at(-1)
const verdicts = []
function report(good, line) {
  verdicts.push(good)
  console.log(`${good ? 'ok  ' : 'FAIL'} ${line}`)
}

async function sameWeights() {
  const bundled = await bundleBench('reference', ['keras-weights'])
  verdicts.push(spawnSync(process.execPath, [join(bundled, 'keras-weights.js')], { stdio: 'inherit' }).status === 0)
}

function kerasBlog({ epochs, valLoss, tolerance }) {
  const run = train('keras-blog', '--preset', 'keras-blog', '--epochs', String(epochs), '--seeds', String(SEEDS))
  console.log(`keras-blog, ${epochs} epochs, ${SEEDS} seeds on ${run.device}; ${run.seconds.toFixed(1)} s`)
  for (const [d, expected] of Object.entries(valLoss)) {
    const losses = run.models.filter(({ latentDim }) => latentDim === Number(d)).map(lastLoss)
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length
    const off = mean / expected - 1
    const bound = Number(d) >= 8 ? tolerance : Infinity // a relu unit of d = 2 may die with some seeds
    const found = `${mean.toFixed(4)}, Keras ${expected.toFixed(4)}, ${(100 * off).toFixed(2)} %`
    report(losses.length === SEEDS && Math.abs(off) <= bound, `d = ${d}: ${found}`)
  }
  for (const seed of run.experiment.seeds) {
    const losses = run.models.filter((model) => model.seed === seed).map(lastLoss)
    const falls = losses.every((loss, index) => index === 0 || loss < losses[index - 1])
    report(falls, `seed ${seed} falls strictly with d: ${losses.map((loss) => loss.toFixed(4)).join(' > ')}`)
  }
}

function article({ latentDim, epochs, valLoss, tolerance }) {
  const run = train('article', '--preset', 'article', '--dims', String(latentDim), '--epochs', String(epochs))
  const loss = lastLoss(run.models[0])
  report(
    Math.abs(loss - valLoss) <= tolerance,
    `article, d = ${latentDim}, ${epochs} epochs: ${loss.toFixed(4)}, the author's ${valLoss} ± ${tolerance}; ${run.seconds.toFixed(1)} s`
  )
}

try {
  await sameWeights()
  kerasBlog(reference.kerasBlog)
  article(reference.article)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(verdicts.every(Boolean) ? 0 : 1)
