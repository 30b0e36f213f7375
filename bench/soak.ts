// Entry of `npm run soak`: many runs through one server, and a folder of many runs. What grows, and how long a list takes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FEWEST_RUNS, judge, megabytes, WARM_UP_RUNS, type Verdict } from './soak/judge'
import { copyRuns, listMany } from './soak/many-runs'
import { doOneRun } from './soak/one-run'
import { openLink, openPage } from './soak/page'
import { startServer, type Sample } from './soak/server'

const ROW_RUNS = 20
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '196' }, many: { type: 'string', default: '2000' } }
})
const [runs, many] = [Number(values.runs), Number(values.many)]
if (!(runs >= FEWEST_RUNS && many >= 1)) {
  console.error(`--runs takes a number from ${FEWEST_RUNS} on, --many one from 1 on`)
  process.exit(2)
}
const entry = join(__dirname, '../main/index.js')
const place = mkdtempSync(join(tmpdir(), 'bottleneck-lab-soak-'))
process.on('exit', () => rmSync(place, { recursive: true, force: true, maxRetries: 5 }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

void soak()

async function soak(): Promise<void> {
  const home = join(place, 'one-server')
  const { verdicts, id } = await runMany(home, runs)
  say(`\n${runs} runs through one server, after the first ${WARM_UP_RUNS}:`, verdicts)
  const manyHome = join(place, 'many')
  copyRuns(join(home, 'data', 'runs', id), manyHome, many)
  const listed = await listMany(entry, manyHome, many)
  say(`\nA folder of ${many} runs:`, listed)
  if ([...verdicts, ...listed].some(({ isMet }) => !isMet)) process.exitCode = 1
}

/** One run after another, and a sample after each. `id` is that of a run that is still there. */
async function runMany(home: string, count: number): Promise<{ verdicts: Verdict[]; id: string }> {
  const server = startServer(entry, home)
  const link = await server.link()
  const page = await openLink(link)
  const samples: Sample[] = []
  const heaps: number[] = []
  let id = ''
  console.log(' runs     server       live    trainer  descriptors  zombies')
  for (let index = 0; index < count; index++) {
    const done = await doOneRun(page, index, join(home, 'data', 'runs'))
    if (index === 0) id = done // never deleted
    samples.push(server.sample())
    if (samples.length % ROW_RUNS > 0) continue
    await reload(link, page.session)
    heaps.push(await server.heapBytes())
    console.log(row(samples, heaps))
  }
  await page.close()
  await server.close()
  return { verdicts: judge(samples, heaps), id }
}

/** Another tab of the same session: opens, reads the list, goes. */
async function reload(link: string, session: Parameters<typeof openPage>[1]): Promise<void> {
  const other = await openPage(new URL(link).origin, session)
  await Promise.all([other.calls.describe(), other.calls.listRuns(), other.calls.readProbes('mnist')])
  await other.close()
}

function row(samples: readonly Sample[], heaps: readonly number[]): string {
  const { serverBytes, trainerBytes, serverDescriptors, trainerDescriptors, zombies } = samples.at(-1) as Sample
  const memory = [serverBytes, heaps.at(-1) ?? 0, trainerBytes].map((bytes) => megabytes(bytes).padStart(10))
  const descriptors = `${serverDescriptors} + ${trainerDescriptors}`.padStart(12)
  return `${String(samples.length).padStart(5)} ${memory.join(' ')} ${descriptors} ${String(zombies).padStart(8)}`
}

function say(title: string, verdicts: readonly Verdict[]): void {
  console.log(title)
  for (const { line, isMet } of verdicts) console.log(`  ${isMet ? 'met   ' : 'missed'}  ${line}`)
}
