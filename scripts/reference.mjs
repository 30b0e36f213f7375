// Trains the published recipes on the full data and compares with figures that others measured (tests/fixtures/reference):
//   npm run reference
// Prints a line a model; exits 1 where a figure is outside its tolerance. Takes some minutes on two cores.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const reference = JSON.parse(readFileSync(join(root, 'tests/fixtures/reference/keras.json'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'bottleneck-lab-reference-'))
const seeds = [1, 2, 3]

function train(name, ...options) {
  const out = join(folder, name)
  execFileSync(process.execPath, [join(root, 'scripts/lab.mjs'), 'run', ...options, '--out', out, '--json'], {
    stdio: ['ignore', 'ignore', 'inherit']
  })
  return JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))
}

const lastLoss = (model) => model.history.valLoss.at(-1)
const verdicts = []
function report(good, line) {
  verdicts.push(good)
  console.log(`${good ? 'ok  ' : 'FAIL'} ${line}`)
}

function kerasBlog({ epochs, valLoss, tolerance }) {
  const runs = seeds.map((seed) =>
    train(`keras-blog-${seed}`, '--preset', 'keras-blog', '--epochs', String(epochs), '--seed', String(seed))
  )
  console.log(
    `keras-blog, ${epochs} epochs, seeds ${seeds.join(', ')}; ${runs.map((run) => `${run.seconds.toFixed(1)} s`).join(', ')}`
  )
  const means = runs[0].models.map(
    (_, index) => runs.reduce((sum, run) => sum + lastLoss(run.models[index]), 0) / runs.length
  )
  runs[0].models.forEach(({ latentDim }, index) => {
    const expected = valLoss[latentDim]
    const off = means[index] / expected - 1
    const bound = latentDim >= 8 ? tolerance : Infinity // a relu unit of d = 2 may die with some seeds
    report(
      Math.abs(off) <= bound,
      `d = ${latentDim}: ${means[index].toFixed(4)}, Keras ${expected.toFixed(4)}, ${(100 * off).toFixed(2)} %`
    )
  })
  for (const run of runs) {
    const losses = run.models.map(lastLoss)
    report(
      losses.every((loss, i) => i === 0 || loss < losses[i - 1]),
      `seed ${run.experiment.seed} falls strictly with d: ${losses.map((x) => x.toFixed(4)).join(' > ')}`
    )
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
  kerasBlog(reference.kerasBlog)
  article(reference.article)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(verdicts.every(Boolean) ? 0 : 1)
