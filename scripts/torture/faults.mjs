// Loaded into a process of the application by NODE_OPTIONS=--import: counts its file operations, makes one of them end the process or
// fail, or sets its clock.
//   TORTURE_COUNTS=FILE                        at its end a line of JSON: who it is, and how often it did each
//   TORTURE_FAULT=trainer,rename,3,kill        the third rename of the trainer: SIGKILL before it is done
//   TORTURE_FAULT=application,sync,2,ENOSPC    the second fsync of the application: fails with that code
//   TORTURE_HITS=FILE                          a line for each fault that came
//   TORTURE_CLOCK=500,-3600000                 after 500 ms the clock goes back by an hour
import { appendFileSync, constants } from 'node:fs'
import promises from 'node:fs/promises'

const { TORTURE_FAULT = '', TORTURE_COUNTS, TORTURE_HITS, TORTURE_CLOCK = '' } = process.env
const self = process.argv[1]?.endsWith('trainer.js') ? 'trainer' : 'application'
const [role, operation, nth, what] = TORTURE_FAULT.split(',')
const counts = {}

/** Counts an operation; at the chosen one the fault comes in its place. */
function meet(name) {
  counts[name] = (counts[name] ?? 0) + 1
  if (role !== self || name !== operation || counts[name] !== Number(nth)) return
  if (TORTURE_HITS) appendFileSync(TORTURE_HITS, `${self} ${name}\n`)
  if (what === 'kill') process.kill(process.pid, 'SIGKILL')
  throw Object.assign(new Error(`${what}: by torture, ${name}`), { code: what, syscall: name })
}

function wrap(owner, method, name) {
  const original = owner[method]
  owner[method] = async function (...args) {
    meet(name)
    return original.apply(this, args)
  }
}

function isForWriting(flags = 'r') {
  return typeof flags === 'number' ? (flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0 : flags !== 'r'
}

if (TORTURE_FAULT || TORTURE_COUNTS) {
  for (const name of ['rename', 'link', 'mkdir', 'writeFile', 'copyFile', 'rm', 'rmdir', 'unlink']) {
    wrap(promises, name, name)
  }
  const open = promises.open
  promises.open = async function (...args) {
    if (!isForWriting(args[1])) return open.apply(this, args)
    meet('open')
    const file = await open.apply(this, args)
    for (const method of ['write', 'truncate', 'sync']) wrap(file, method, method)
    wrap(file, 'datasync', 'sync')
    return file
  }
}
if (TORTURE_COUNTS) {
  process.on('exit', () => appendFileSync(TORTURE_COUNTS, `${JSON.stringify({ role: self, counts })}\n`))
}

const [after, jump] = TORTURE_CLOCK.split(',').map(Number)
if (jump) {
  const RealDate = Date
  const began = performance.now()
  const now = () => RealDate.now() + (performance.now() - began > after ? jump : 0)
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      super(...(args.length === 0 ? [now()] : args))
    }
    static now = now
  }
}
