// Measures the window on this machine: `npm run measure:window`, under xvfb-run where there is no display; `-- 1` for one round of runs.
//   start      from the start of the process to a page that can be used, median of five
//   first      from the click on "train" to the first loss on a chart, and to the first epoch's
//   long tasks tasks of the page's main thread over 50 ms while six models train, over 20 s
//   processor  what the window's processes took of it beside what the trainer took, in those runs that are not traced
//   training   how much longer an epoch takes while the window works than while its processes are held, within one run; and
//              time of the same run in the window, untraced, and by the command line in turn: in the same Electron, and in Node
// Nothing else should run meanwhile.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { _electron as electron } from '@playwright/test'
import { buildIfStale } from './build-if-stale.mjs'
import { electronProgram } from './electron.mjs'
import { measureSlowdown, SLOWDOWN_EPOCHS } from './window-slowdown.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const STARTS = 5
/** As the task manager shows the trainer (src/main/desktop/spawn.ts). */
const TRAINER = 'Bottleneck Lab trainer'
const EPOCHS = 20
const ROUNDS = Number(process.argv[2] ?? 3)
const TRACE_MILLISECONDS = 20_000
const LONG_TASK_MICROSECONDS = 50_000

buildIfStale()
const program = electronProgram()
if (program === null) {
  console.error('There is no Electron here: npm start downloads it, or ELECTRON_OVERRIDE_DIST_PATH names its folder.')
  process.exit(2)
}
const home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-measure-'))
const runs = join(home, 'data/runs')
const env = { ...process.env, BOTTLENECK_LAB_HOME: home }
try {
  await measure()
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
}

async function measure() {
  const starts = []
  for (let count = 0; count < STARTS; count++) {
    const { application, milliseconds } = await start()
    starts.push(milliseconds)
    await application.close()
  }
  print('start to first window', `${median(starts)} ms`, `median of ${STARTS}: ${starts.join(', ')}`)

  const { firstPoint, firstEpoch, trace } = await trainInWindow({ traced: true })
  print(
    'click on train to first point',
    `${firstPoint} ms`,
    'keras-blog, six models, all 60,000 digits: training loss so far'
  )
  print('click on train to first epoch', `${firstEpoch} ms`, 'its training and validation loss')
  const { tasks, long, longest } = trace
  const share = ((100 * long) / tasks).toFixed(2)
  print('tasks over 50 ms', `${share} %`, `${long} of ${tasks} in 20 s of training, the longest ${longest} ms`)
  if (process.platform !== 'win32') {
    const slower = await slowdownInTurns()
    print(
      'an epoch slowed by the window',
      `${median(slower).toFixed(1)} %`,
      `within one run, ${slower.length} blocks of it: ${range(slower)} %`
    )
  }
  const rounds = []
  for (let round = 0; round < ROUNDS; round++) rounds.push(await trainInTurn(round))
  const shares = rounds.map(({ inWindow }) => 100 * inWindow.processorShare)
  print('processor beside the trainer’s', `${median(shares).toFixed(1)} %`, `median of ${range(shares)} %`)
  for (const [name, alone] of [
    ['in Electron', 'inElectron'],
    ['in Node', 'inNode']
  ]) {
    const slower = rounds.map((round) => 100 * (round.inWindow.seconds / round[alone] - 1))
    const seconds = (of) => `${median(rounds.map(of)).toFixed(1)} s`
    const runs = `${seconds((round) => round.inWindow.seconds)} in the window, ${seconds((round) => round[alone])} by the command line ${name}`
    print('training slowed by the window', `${median(slower).toFixed(1)} %`, `${runs}; median of ${range(slower)} %`)
  }
}

/** The same run three ways, one after another. */
async function trainInTurn(round) {
  const { seconds, processorShare } = await trainInWindow({ traced: false })
  return {
    inWindow: { seconds, processorShare },
    inElectron: trainByCommandLine(`electron-${round}`, program, ['--no-sandbox', root]),
    inNode: trainByCommandLine(`node-${round}`, process.execPath, [join(root, 'out/main/index.js')])
  }
}

/** Opens the application; the time ends when the page can be used. */
async function start() {
  const began = Date.now()
  const application = await electron.launch({ executablePath: program, args: [root], cwd: home, env })
  const page = await application.firstWindow()
  await page.getByRole('navigation', { name: 'Runs' }).waitFor()
  return { application, page, milliseconds: Date.now() - began }
}

async function trainInWindow({ traced }) {
  const { application, page } = await fillForm(EPOCHS)
  const before = runFolders()
  const began = Date.now()
  await page.getByRole('button', { name: 'Start training' }).click()
  const watched = traced ? await watchTraining(application, page, began) : null
  if (!traced) await processorUse(application) // it tells what was taken since it was asked last
  const seconds = await secondsOfNext(before)
  const { trainer, others } = await processorUse(application)
  await application.close()
  return { ...watched, seconds, processorShare: others / trainer }
}

/** How much longer epochs take while the page and its GPU process work, in percent. */
async function slowdownInTurns() {
  const { application, page } = await fillForm(SLOWDOWN_EPOCHS)
  const processes = await application.evaluate(({ app }) => app.getAppMetrics())
  const pids = processes.filter(({ type }) => type === 'Tab' || type === 'GPU').map(({ pid }) => pid)
  const before = runFolders()
  await page.getByRole('button', { name: 'Start training' }).click()
  const slower = await measureSlowdown(() => nextRun(before), pids)
  await secondsOfNext(before)
  await application.close()
  return slower
}

/** Opens the application with all set for a training. */
async function fillForm(epochs) {
  const { application, page } = await start()
  await page.keyboard.press('Control+n')
  await page.getByRole('radio', { name: /^Keras blog/ }).click()
  await page.getByLabel('Epochs', { exact: true }).fill(String(epochs))
  await page.getByText(/^About .+ on /).waitFor() // the estimate has let go of the cores
  return { application, page }
}

/** Times of the first point and the first epoch on a chart, and a trace. Asking the page takes as much of it as it does itself. */
async function watchTraining(application, page, began) {
  await chartSays(page, 'so far')
  const firstPoint = Date.now() - began
  await chartSays(page, 'after epoch')
  const firstEpoch = Date.now() - began
  return { firstPoint, firstEpoch, trace: await recordTrace(application) }
}

/** Waits until the name of the first chart contains `words`. */
function chartSays(page, words) {
  return page.waitForFunction((words) => {
    const chart = document.querySelector('section[aria-label^="d ="] [role=img]')
    return chart?.getAttribute('aria-label').includes(words)
  }, words)
}

/** Processor use of the trainer and of all other processes of the application, since it was asked last. */
async function processorUse(application) {
  const processes = await application.evaluate(({ app }) => app.getAppMetrics())
  const use = (kept) => processes.filter(kept).reduce((sum, { cpu }) => sum + cpu.percentCPUUsage, 0)
  const isTrainer = ({ name }) => name === TRAINER
  if (!processes.some(isTrainer)) throw new Error('There is no trainer to compare with')
  return { trainer: use(isTrainer), others: use((one) => !isTrainer(one)) }
}

async function recordTrace(application) {
  await application.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['toplevel', 'disabled-by-default-devtools.timeline'] })
  )
  await wait(TRACE_MILLISECONDS)
  const path = await application.evaluate(({ contentTracing }) => contentTracing.stopRecording())
  const pid = await application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0].webContents.getOSProcessId()
  )
  const trace = readTrace(path, pid)
  rmSync(path)
  return trace
}

/** Tasks of the page's main thread. */
function readTrace(path, pid) {
  const { traceEvents } = JSON.parse(readFileSync(path, 'utf8'))
  const thread = traceEvents.find(
    ({ name, args, pid: of }) => name === 'thread_name' && of === pid && args.name === 'CrRendererMain'
  )
  const tasks = traceEvents
    .filter(({ name, pid: of, tid }) => name.endsWith('RunTask') && of === pid && tid === thread.tid)
    .map(({ dur = 0 }) => dur)
  const long = tasks.filter((duration) => duration > LONG_TASK_MICROSECONDS)
  return { tasks: tasks.length, long: long.length, longest: Math.round(Math.max(0, ...tasks) / 1000) }
}

function trainByCommandLine(name, program, application) {
  const out = join(home, name)
  const args = [...application, 'run', '--preset', 'keras-blog', '--epochs', String(EPOCHS), '--out', out]
  execFileSync(program, args, { env, stdio: 'pipe' })
  return readRun(out).seconds
}

/** Waits for the end of a run that was not there `before`, by its file: the page would have to be asked again and again. */
async function secondsOfNext(before) {
  for (;;) {
    await wait(500)
    const { status, seconds } = nextRun(before) ?? { status: 'running' }
    if (status === 'finished') return seconds
    if (status !== 'running') throw new Error(`The run in the window ended as ${status}`)
  }
}

/** The file of the run that was not there `before`; null while there is none. */
function nextRun(before) {
  const name = runFolders().find((one) => !before.includes(one))
  return name ? readRun(join(runs, name)) : null
}

function runFolders() {
  return existsSync(runs) ? readdirSync(runs).filter((name) => !name.startsWith('.')) : []
}

function readRun(folder) {
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** The least and the most. */
function range(values) {
  return `${Math.min(...values).toFixed(1)} … ${Math.max(...values).toFixed(1)}`
}

function print(what, figure, detail) {
  process.stdout.write(`${what.padEnd(32)} ${figure.padStart(9)}   ${detail}\n`)
}
