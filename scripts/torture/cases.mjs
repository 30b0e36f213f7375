// What is done to a run while it trains. Each case answers with how many processes it killed, and what went wrong at once, if anything;
// whether the run can be brought to its end afterwards, and to the same bits, is asked by the torture for all of them alike.
import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { said, wentWell } from './answers.mjs'
import { claimsOf } from './claims.mjs'
import { readRun } from './compare.mjs'
import { damagedCheckpoint } from './damaged-checkpoint.mjs'
import { fullDisk } from './full-disk.mjs'
import { loaded, starved, stopped } from './hardships.mjs'
import { nextArguments } from './next-arguments.mjs'
import { IN_NAMESPACE, sendSignal, startLab } from './lab-process.mjs'
import { pick } from './random.mjs'

const HOUR = 3_600_000
const POLITE = ['SIGINT', 'SIGTERM', 'SIGHUP']
const INTERRUPTED = 130
/** What can't be removed is left over, so that is not tried. */
const REMOVALS = ['rm', 'rmdir', 'unlink']

/**
 * By name. Each gets an attempt: the application's `home`, the run's `folder`, the `args` that begin it, `random` numbers, the
 * milliseconds (`span`), file `operations` ({ role, operation, count }) and `bytes` of an undisturbed run, and whether the hardship is
 * to last for the `whole` run. Answers with `kills` and `faults`, which are sentences; where it matters also with `hits`, the faults that
 * came, with `seen`, lines for the reader, or with `skipped`, the reason why it can't be tried here.
 */
export const cases = {
  /** Application and trainer end at any instant, more than once: what power cuts leave. */
  async 'all killed'(attempt) {
    const { home, random, span } = attempt
    const kills = 1 + Math.floor(random() * 5)
    for (let count = 0; count < kills; count++) {
      const lab = startLab(home, nextArguments(attempt))
      await wait(random() * span)
      lab.signalGroup('SIGKILL')
      await lab.ended
    }
    return { kills, faults: [] }
  },

  /** The trainer alone: the application has to say so and to end. */
  async 'trainer killed'(attempt) {
    const lab = startLab(attempt.home, attempt.args)
    const trainer = await trainerAtAnyInstant(lab, attempt)
    if (trainer !== null) sendSignal(trainer, 'SIGKILL')
    return { kills: trainer === null ? 0 : 1, faults: said(await lab.ended) }
  },

  /** Application or trainer ends in its nth file operation of a kind, more than once. */
  async 'killed at a write'(attempt) {
    const faults = []
    const hits = []
    for (let count = 1 + Math.floor(attempt.random() * 5); count > 0; count--) {
      const env = { TORTURE_FAULT: faultOf(attempt, 'kill') }
      const end = await startLab(attempt.home, nextArguments(attempt), env).ended
      faults.push(...said(end))
      hits.push(...end.hits)
    }
    return { kills: hits.length, faults, hits }
  },

  /** A file operation of either fails. */
  async 'a write fails'(attempt) {
    const code = pick(attempt.random, ['EIO', 'ENOSPC', 'EROFS'])
    const end = await startLab(attempt.home, attempt.args, { TORTURE_FAULT: faultOf(attempt, code, REMOVALS) }).ended
    return { kills: 0, faults: said(end), hits: end.hits }
  },

  /** Ctrl-C, `kill`, a terminal that closes: sent to the application or to all its processes, once or twice. */
  async 'asked to end'({ home, args, folder, random, span }) {
    const lab = startLab(home, args)
    await wait(random() * span)
    const signal = pick(random, POLITE)
    const ask = random() < 0.5 ? () => sendSignal(lab.pid, signal) : () => lab.signalGroup(signal)
    ask()
    if (random() < 0.3) ask()
    const end = await lab.ended
    const isTooEarly = end.signal === signal && !existsSync(folder) // it did not hear signals yet
    const isRight = isTooEarly || end.code === 0 || (end.code === INTERRUPTED && end.text.includes('Stopping'))
    const wrong = `${signal} ended it with ${end.code ?? end.signal}: ${end.text.slice(-300)}`
    return { kills: 0, faults: [...said(end), ...(isRight ? [] : [wrong])] }
  },

  /** The same signals to the trainer alone: the application decides when it ends. */
  async 'the trainer asked to end'(attempt) {
    const lab = startLab(attempt.home, attempt.args)
    const trainer = await trainerAtAnyInstant(lab, attempt)
    await wait(500) // before its entry is loaded, a signal ends it as it ends any program
    if (trainer !== null) sendSignal(trainer, pick(attempt.random, POLITE))
    return { kills: 0, faults: wentWell(await lab.ended) }
  },

  'a damaged checkpoint': damagedCheckpoint,
  'full disk': fullDisk,
  stopped,
  starved,
  loaded,

  /** The clock goes back or forth by an hour in the midst of it. */
  async 'the clock jumps'({ home, args, folder, random, span }) {
    const clock = `${Math.floor(random() * span)},${random() < 0.5 ? -HOUR : HOUR}`
    const began = performance.now()
    const end = await startLab(home, args, { TORTURE_CLOCK: clock }).ended
    const wallSeconds = (performance.now() - began) / 1000
    const faults = wentWell(end)
    if (faults.length > 0) return { kills: 0, faults }
    return {
      kills: 0,
      faults: claimsOf({ run: readRun(folder), text: end.text, wallSeconds, stoppedSeconds: 0 }).faults
    }
  },

  /** Of two commands that go on with a run at the same time, one does and the other says why not. */
  async 'two owners'({ home, args, folder, random, span }) {
    const first = startLab(home, args)
    await wait((0.3 + 0.7 * random()) * span)
    first.signalGroup('SIGKILL')
    await first.ended
    if (!existsSync(folder)) return { kills: 1, faults: [] }
    const two = [0, 1].map(() => startLab(home, ['continue', folder]))
    const ends = await Promise.all(two.map(({ ended }) => ended))
    const winners = ends.filter(({ code }) => code === 0).length
    const faults = ends.flatMap(said)
    if (winners > 1) faults.push('both went on with the run')
    if (winners === 0 && isUnended(folder)) faults.push(`neither went on with the run: ${ends[0].text.slice(-300)}`)
    return { kills: 1, faults }
  },

  /** The same where neither sees the other's process: while one trains, the other does not. */
  async 'two owners, two namespaces'(attempt) {
    const { home, args, random, span } = attempt
    const [command, ...rest] = IN_NAMESPACE
    if (spawnSync(command, [...rest, 'true']).status !== 0) {
      return { kills: 0, faults: [], skipped: 'no right to make PID namespaces' }
    }
    const first = startLab(home, args, {}, { wrapper: IN_NAMESPACE })
    await wait((0.3 + 0.7 * random()) * span)
    const second = startLab(home, nextArguments(attempt), {}, { wrapper: IN_NAMESPACE })
    const ends = await Promise.all([first.ended, second.ended])
    const trained = ends.filter(({ code }) => code === 0).length
    return { kills: 0, faults: [...ends.flatMap(said), ...(trained > 1 ? ['both trained the run'] : [])] }
  },

  /** The run's folder is deleted while it trains: an end with a sentence, and no folder that comes back. */
  async 'the folder goes'({ home, args, folder, random, span }) {
    const lab = startLab(home, args)
    await wait((0.2 + 0.6 * random()) * span)
    renameSync(folder, `${folder}.gone`) // at once: file by file, new ones would come meanwhile
    rmSync(`${folder}.gone`, { recursive: true })
    return { kills: 0, faults: said(await lab.ended) }
  }
}

/** Waits for some instant of the run, and until there is a trainer; null if it does not come. */
async function trainerAtAnyInstant(lab, { random, span }) {
  const at = Date.now() + random() * span
  while (Date.now() < at || (lab.trainer() === null && Date.now() < at + span)) await wait(20)
  return lab.trainer()
}

/** One file operation of the undisturbed run, as TORTURE_FAULT takes it: each kind of each process is as likely. */
function faultOf({ random, operations }, what, without = []) {
  const { role, operation, count } = pick(
    random,
    operations.filter(({ operation }) => !without.includes(operation))
  )
  return [role, operation, 1 + Math.floor(random() * count), what].join(',')
}

/** A run that there is something to do of: the first may have been killed before it wrote one, or after its end. */
function isUnended(folder) {
  return existsSync(join(folder, 'run.json')) && readRun(folder).status === 'running'
}
