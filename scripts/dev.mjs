// `npm run dev`: the application from its sources, built into out/dev. The page changes as it is edited; what runs outside of it (main,
// trainer, shared, preload, kernels) is built and started anew after each change.
//   npm run dev                 a window; where there is no Electron or no display, the same in a browser
//   npm run dev -- --inspect    debuggers may attach: to the main process at 5858, the trainer at 5859, the window's page at 9222
// What else stands behind `--` is passed on to Electron, as by `npm start`.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join, sep } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { buildForDevelopment, developmentFolder } from './dev-build.mjs'
import { servePage } from './dev-page.mjs'
import { keepRunning } from './keep-running.mjs'
import { electronEnvironment } from './electron.mjs'
import { noWindowReason, startElectron, warnRoot } from './window.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const kernels = join(root, 'src/kernels')
const inspect = process.argv.includes('--inspect')
const passedOn = process.argv.slice(2).filter((argument) => argument !== '--inspect')
const inspector = inspect ? ['--inspect=5858'] : []
const environment = {
  ...electronEnvironment(),
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --enable-source-maps`,
  ...(inspect ? { BOTTLENECK_LAB_TRAINER_INSPECT: '5859' } : {})
}
const say = (line) => process.stderr.write(`${line}\n`)

const labPort = await freePort()
const noWindow = await noWindowReason()
let start = noWindow === null ? startWindow : startServer
const app = keepRunning(() => start(), afterEnd)
let page = null // the first build comes before it
const renderer = await buildForDevelopment({ onMain: () => app.restart(), onPreload: () => page.reload() })
page = await servePage(renderer, labPort)
rebuildKernels(page.watcher)
endBySignals()
if (noWindow === null) warnRoot()
else explainBrowser(noWindow)
app.restart()

function startWindow() {
  const ownLock = `--user-data-dir=${join(developmentFolder, 'window')}` // an installed application may be open meanwhile
  const debugging = inspect ? [...inspector, '--remote-debugging-port=9222'] : []
  const env = { ...environment, ELECTRON_RENDERER_URL: page.address }
  const started = startElectron([developmentFolder, ownLock, ...debugging, ...passedOn], env)
  started.child.stderr.pipe(process.stderr)
  return started
}

/** `lab serve` without a page of its own: the link leads to the page that changes. */
function startServer() {
  const entry = join(developmentFolder, 'main/index.js')
  const args = [...inspector, entry, 'serve', '--no-open', '--port', String(labPort)]
  const child = spawn(process.execPath, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  let isConnected = false
  createInterface(child.stdout).on('line', async (line) => {
    const [link] = /http:\/\/\S+/.exec(line) ?? []
    if (!link) return process.stdout.write(`${line}\n`)
    if (isConnected) return // its next link: pages come by this server's own
    isConnected = true
    await page.connectLab(link)
    printLink()
  })
  const ended = new Promise((resolve) => child.once('close', (code) => resolve({ code, problem: null })))
  return { child, ended }
}

function printLink() {
  process.stdout.write(`${page.issueLink({ onUsed: printLink })}\n`)
}

function explainBrowser(reason) {
  say(`No window: ${reason}. The same interface is served for a browser instead.`)
}

function afterEnd({ code, problem }) {
  if (problem !== null) {
    explainBrowser(problem)
    start = startServer
    return app.restart()
  }
  if (code === 0) process.exit(0)
  say('The application has ended with an error. It is started again after the next change.')
}

/** A terminal sends Ctrl-C to the application as well, which may still save. */
function endBySignals() {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, async () => {
      await app.end(signal === 'SIGINT' ? undefined : signal)
      process.exit(0)
    })
  }
}

/** The script itself says what it lacks; the application goes on with the kernels that are there. */
function rebuildKernels(watcher) {
  let isWaiting = false
  let building = Promise.resolve()
  const build = () => {
    isWaiting = false
    const child = spawn(`npm run -s kernels -- --only ${process.platform}-${process.arch}`, {
      cwd: root,
      stdio: 'inherit',
      shell: true
    })
    return new Promise((resolve) => child.once('close', (code) => resolve(code === 0 ? app.restart() : undefined)))
  }
  watcher.add(kernels)
  watcher.on('all', (_event, path) => {
    if (isWaiting || !path.startsWith(kernels + sep)) return
    isWaiting = true
    building = building.then(build)
  })
}

function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  return new Promise((resolve) =>
    server.once('listening', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  )
}
