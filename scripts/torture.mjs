// `npm run torture`: does to runs what machines do to programs, at random instants, and proves that they end as undisturbed ones do.
//   npm run torture -- --minutes 30            so long; --cases N instead: so many
//   npm run torture -- --seed 7 --cases 40     the same faults again (instants depend on the machine as well)
//   npm run torture -- --only 'all killed'     one kind of case
//   npm run torture -- --only starved          a six-model run that gets 5 % of a core from start to end, and what it says of its times;
//                                              loaded: beside 40 busy processes; stopped: for 60 s
// A line a case, a summary at the end; exits 1 if a run was unequal, stuck, left something over, spoke in raw words or of wrong times.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildIfStale } from './build-if-stale.mjs'
import { prepare, removeAll } from './torture/attempts.mjs'
import { cases } from './torture/cases.mjs'
import { unmountBelow } from './torture/full-disk.mjs'
import { endAll } from './torture/lab-process.mjs'
import { pick, seededRandom } from './torture/random.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    cases: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' }
  }
})
if (process.platform !== 'linux') {
  console.error('The torture looks for processes in /proc: it runs on Linux.')
  process.exit(2)
}
const KILLING = ['all killed', 'killed at a write']
let kinds = Object.keys(cases).filter((name) => !values.only || name === values.only)
if (kinds.length === 0) {
  console.error(`--only takes one of: ${Object.keys(cases).join(', ')}`)
  process.exit(2)
}

buildIfStale()
const random = seededRandom(Number(values.seed))
const place = mkdtempSync(join(tmpdir(), 'bottleneck-lab-torture-'))
const totals = { cases: 0, kills: 0, unequal: 0, 'left over': 0, stuck: 0, 'other faults': 0 }
const hits = new Map()
process.on('exit', clearUp)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130))

await torture()
if (hits.size > 0) console.log(`faults that came at file operations: ${listOf(hits)}`)
console.log(listOf(new Map(Object.entries(totals)), (what, count) => `${count} ${what}`))
const failures = ['unequal', 'left over', 'stuck', 'other faults'].some((what) => totals[what] > 0)
process.exitCode = failures || totals.cases === 0 ? 1 : 0

async function torture() {
  const began = Date.now()
  const attempt = await prepare({ place, random, whole: ['starved', 'loaded', 'stopped'].includes(values.only) })
  const end = values.minutes ? began + 60_000 * Number(values.minutes) : Infinity
  const most = values.cases ? Number(values.cases) : values.minutes ? Infinity : kinds.length
  const first = [...kinds]
  while (kinds.length > 0 && Date.now() < end && totals.cases < most) {
    const kind = first.shift() ?? nextKind()
    const result = await attempt(kind)
    if (result.skipped) {
      kinds = kinds.filter((name) => name !== kind)
      console.log(`skipped: ${kind}: ${result.skipped}`)
    } else note(kind, result)
  }
}

/** Most of them kill, since a kill may come at any instant of a run. */
function nextKind() {
  const killing = kinds.filter((name) => KILLING.includes(name))
  return pick(random, killing.length > 0 && random() < 0.7 ? killing : kinds)
}

function note(kind, { kills, faults, hits: came = [], seen = [] }) {
  totals.cases++
  totals.kills += kills
  for (const hit of came) hits.set(hit, (hits.get(hit) ?? 0) + 1)
  const any = (pattern) => faults.some((one) => pattern.test(one))
  if (any(/^unequal/)) totals.unequal++
  if (any(/^left over/)) totals['left over']++
  if (any(/^stuck/)) totals.stuck++
  if (faults.some((one) => !/^(unequal|left over|stuck)/.test(one))) totals['other faults']++
  console.log(`${String(totals.cases).padStart(4)}  ${kind}${faults.length > 0 ? `: ${faults.join('; ')}` : ''}`)
  for (const line of seen) console.log(`      ${line}`)
}

function listOf(counts, text = (what, count) => `${what} ${count}`) {
  return [...counts].map(([what, count]) => text(what, count)).join(', ')
}

function clearUp() {
  endAll()
  unmountBelow(place)
  removeAll(place)
}
