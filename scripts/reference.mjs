// Trains the published recipes on the full data and compares with figures that others measured (tests/fixtures/reference):
//   npm run reference                                   all of it, on the fastest device
//   npm run reference -- --only depth --device cpu      one part, on this device
// Parts: weights (some steps in Keras from the same weights, where its packages can be installed; bench/keras-weights.ts), keras-blog,
// learning-rate (the author's figures for d = 16), depth (784-128-64-d-64-128-784 against the shallow models).
// Prints a table a part; exits 1 where a figure is outside its tolerance. Takes some minutes on two cores.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleBench } from './bundle-bench.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const published = JSON.parse(readFileSync(join(root, 'tests/fixtures/reference/published.json'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'bottleneck-lab-reference-'))
const SEEDS = 3
const parts = { weights, 'keras-blog': kerasBlog, 'learning-rate': learningRate, depth }

const { values } = parseArgs({ options: { only: { type: 'string' }, device: { type: 'string' } } })
if (values.only && !parts[values.only]) {
  console.error(`--only ${values.only} is unknown. Expected one of ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}
const verdicts = []

/** The run.json of a run of a recipe with these options, each value with every seed. */
function train(preset, options) {
  const out = mkdtempSync(join(folder, 'run-'))
  const device = values.device ? ['--device', values.device] : []
  const all = [
    'run',
    '--preset',
    preset,
    ...options.map(String),
    '--seeds',
    `${SEEDS}`,
    ...device,
    '--out',
    out,
    '--json'
  ]
  execFileSync(process.execPath, [join(root, 'scripts/lab.mjs'), ...all], { stdio: ['ignore', 'ignore', 'inherit'] })
  const run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))
  const recipe = [preset, ...options].join(' ')
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  console.log(
    `\n${recipe}, ${SEEDS} seeds; ${run.seconds.toFixed(1)} s on ${run.device}, ${cpus().length} × ${processor}`
  )
  return run
}

/** The last validation losses of the models of this name, of the seeds in order. */
function lastLosses(run, name) {
  return run.models.filter((model) => model.name === name).map(({ history }) => history.valLoss.at(-1))
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
const spread = (losses) => `${fixed(median(losses))} (${fixed(Math.min(...losses))} – ${fixed(Math.max(...losses))})`
const fixed = (loss) => loss.toFixed(4)

/** Rows of text below titles, and of each row whether it is as it should be; null where that is not judged. */
function print(titles, rows) {
  const lines = [titles, ...rows.map(({ cells, isGood }) => [...cells, verdictText(isGood)])]
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  for (const line of lines)
    console.log(
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
  verdicts.push(...rows.map(({ isGood }) => isGood !== false))
}

function verdictText(isGood) {
  if (isGood === null) return '(not judged)'
  return isGood ? 'ok' : 'FAIL'
}

async function weights() {
  const bundled = await bundleBench('reference', ['keras-weights'])
  verdicts.push(spawnSync(process.execPath, [join(bundled, 'keras-weights.js')], { stdio: 'inherit' }).status === 0)
}

function kerasBlog() {
  const { epochs, valLoss, tolerance } = published.kerasBlog
  const run = train('keras-blog', ['--epochs', epochs])
  const rows = Object.entries(valLoss).map(([d, expected]) => {
    const losses = lastLosses(run, `d=${d}`)
    const off = losses.reduce((sum, loss) => sum + loss, 0) / losses.length / expected - 1
    const isGood = Number(d) < 8 ? null : Math.abs(off) <= tolerance // a relu unit of d = 2 may die with some seeds
    return { cells: [d, spread(losses), fixed(expected), `${(100 * off).toFixed(2)} %`], isGood }
  })
  print(['d', 'validation BCE, median (least – most)', 'Keras', 'mean off by'], rows)
  const falls = run.experiment.seeds.map((seed) => {
    const losses = run.models.filter((model) => model.seed === seed).map(({ history }) => history.valLoss.at(-1))
    const isGood = losses.every((loss, index) => index === 0 || loss < losses[index - 1])
    return { cells: [`${seed}`, losses.map(fixed).join(' > ')], isGood }
  })
  print(['seed', 'falls strictly with d'], falls)
}

function learningRate() {
  const { latentDim, epochs, valLoss, tolerance } = published.learningRate
  const rates = Object.keys(valLoss)
  const run = train('article', ['--dims', latentDim, '--vary', `learning-rate=${rates.join(',')}`, '--epochs', epochs])
  const rows = rates.map((rate) => {
    const losses = lastLosses(run, `learning-rate=${rate}`)
    const isGood = Math.abs(median(losses) - valLoss[rate]) <= tolerance
    return { cells: [rate, spread(losses), `${fixed(valLoss[rate])} ± ${tolerance}`], isGood }
  })
  print(['learning rate', 'validation BCE, median (least – most)', "the author's"], rows)
}

function depth() {
  const dims = [2, 8]
  const recipe = ['--dims', dims.join(','), '--epochs', 10]
  const [shallow, deep] = ['none', '128-64'].map((hidden) => train('keras-blog', [...recipe, '--hidden', hidden]))
  const rows = dims.map((d) => {
    const losses = [shallow, deep].map((run) => lastLosses(run, `d=${d}`))
    return { cells: [`${d}`, ...losses.map(spread)], isGood: median(losses[1]) < median(losses[0]) }
  })
  print(['d', 'shallow: validation BCE, median (least – most)', 'deep'], rows)
}

try {
  for (const [name, compare] of Object.entries(parts)) if (!values.only || values.only === name) await compare()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(verdicts.every(Boolean) ? 0 : 1)
