// Measures the report on this machine: `npm run measure:report`. Trains short runs, then makes the report of one with the article's six widths,
// and of three with six widths and three seeds each, several times. Prints median and worst of each and its size; exits 1 where the median
// or the size is above its bound. Nothing else should run meanwhile.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from './build-if-stale.mjs'
import { bundleBench } from './bundle-bench.mjs'

const MOST_BYTES = 1_000_000
const REPORTS = [
  { name: 'one run, six widths', most: 1000 },
  { name: 'three runs × six widths × three seeds', most: 3000 }
]
const SHORT = ['--dims', '2,8,16,32,64,128', '--epochs', '10', '--train-limit', '2000', '--device', 'cpu', '--json']

buildIfStale()
const build = join(fileURLToPath(new URL('..', import.meta.url)), 'out/main')
const home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-measure-'))
const env = { ...process.env, BOTTLENECK_LAB_HOME: home }
try {
  const one = [trained()]
  const three = ['relu', 'tanh', 'sigmoid'].map((activation) => trained('--activation', activation, '--seeds', '3'))
  const program = join(await bundleBench('measure', ['report']), 'report.js')
  const ids = [one, three].map((list) => list.join(','))
  const lines = execFileSync(process.execPath, [program, build, ...ids], { env, encoding: 'utf8' })
    .trim()
    .split('\n')
  lines.forEach((line, index) => tell(REPORTS[index], JSON.parse(line)))
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
}

/** The id of a new run of the short recipe. */
function trained(...options) {
  const args = [join(build, 'index.js'), 'run', '--preset', 'keras-blog', ...SHORT, ...options]
  const lines = execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return JSON.parse(lines.trim().split('\n').pop()).id
}

function tell({ name, most }, { milliseconds, bytes }) {
  const sorted = [...milliseconds].sort((one, other) => one - other)
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)], sorted[sorted.length - 1]]
  const isMissed = median > most || bytes > MOST_BYTES
  if (isMissed) process.exitCode = 1
  const said = `median ${median} ms, worst ${worst} ms of ${sorted.length} (bound ${most} ms), ${bytes} bytes (bound ${MOST_BYTES})`
  console.log(`${name}: ${said}${isMissed ? ': MISSED' : ''}`)
}
