// The command line as a black box: started in a process group of its own, watched, and looked for after its end.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const FAULTS = new URL('faults.mjs', import.meta.url).href
/** What no command of the torture takes on a machine that does other things as well. */
const PATIENCE_MILLISECONDS = 180_000
/** Hides all other devices: after a kill the trainer goes on with the next best one, whose bits are others. */
const CPU_ALONE = { BOTTLENECK_LAB_TENSORFLOW: join(root, 'no-tensorflow'), VK_LOADER_DRIVERS_DISABLE: '*' }
const groups = new Set()

/** Before a command: it sees only its own processes, as in a container, and what it starts ends with it. */
export const IN_NAMESPACE = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child']

/**
 * Starts `lab ARGS`, behind the words of `wrapper`; `env` may name faults. `ended` answers with code, signal, what it wrote, the faults that came, each as
 * `application rename`, and whether it had to be killed because it took longer than `patience` milliseconds.
 */
export function startLab(home, args, env = {}, { patience = PATIENCE_MILLISECONDS, wrapper = [] } = {}) {
  const hits = join(home, `hits-${groups.size}-${performance.now()}`)
  const [command, ...rest] = [...wrapper, process.execPath, join(root, 'out/main/index.js'), ...args]
  const child = spawn(command, rest, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...CPU_ALONE,
      BOTTLENECK_LAB_HOME: home,
      ...(Object.keys(env).length > 0 && { NODE_OPTIONS: `--import ${FAULTS}`, TORTURE_HITS: hits }),
      ...env
    }
  })
  groups.add(child.pid)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += part))
  const signalGroup = (signal) => sendSignal(-child.pid, signal)
  const ended = new Promise((resolve) => {
    let isStuck = false
    const limit = setTimeout(() => {
      isStuck = true
      endGroup(child.pid)
    }, patience)
    child.once('close', (code, signal) => {
      clearTimeout(limit)
      groups.delete(child.pid)
      resolve({ code, signal, text, hits: existsSync(hits) ? linesOf(hits) : [], isStuck })
    })
  })
  return { pid: child.pid, signalGroup, ended, trainer: () => childrenOf(child.pid).find(isTrainer) ?? null }
}

/** Signals a process, or the group -PID; one that has ended is no error. */
export function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** Ends what was started and has not ended. */
export function endAll() {
  groups.forEach(endGroup)
}

function endGroup(leader) {
  sendSignal(-leader, 'SIGCONT')
  sendSignal(-leader, 'SIGKILL')
}

/** Processes of a group, by the number of the one that leads it. */
export function processesOfGroup(leader) {
  return processes().filter((pid) => statOf(pid)?.[2] === String(leader))
}

/** Processes of the application that work for `home` and live. */
export function processesOf(home) {
  return processes().filter(
    (pid) => pid !== process.pid && environmentOf(pid).includes(`BOTTLENECK_LAB_HOME=${home}\0`)
  )
}

function childrenOf(parent) {
  return processes().filter((pid) => statOf(pid)?.[1] === String(parent))
}

const isTrainer = (pid) => commandOf(pid).includes('trainer.js')

function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** State, parent and group, as strings. */
function statOf(pid) {
  const stat = read(`/proc/${pid}/stat`)
  return stat ? stat.slice(stat.lastIndexOf(')') + 2).split(' ') : null
}

const commandOf = (pid) => read(`/proc/${pid}/cmdline`)
const environmentOf = (pid) => read(`/proc/${pid}/environ`)
export const linesOf = (path) => readFileSync(path, 'utf8').split('\n').filter(Boolean)

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // it has ended
  }
}
