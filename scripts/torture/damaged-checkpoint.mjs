// A bit of the checkpoint flips while nobody looks: the run goes on from the checkpoint before it, or says that it can't.
import { closeSync, existsSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { said } from './answers.mjs'
import { startLab } from './lab-process.mjs'
import { nextArguments } from './next-arguments.mjs'

export async function damagedCheckpoint(attempt) {
  const { home, args, folder, random, span } = attempt
  const checkpoint = join(folder, 'checkpoint.safetensors')
  const lab = startLab(home, args)
  const isOver = lab.ended.then(() => true)
  while (!existsSync(checkpoint) && !(await Promise.race([isOver, wait(10, false)])));
  await wait((random() * span) / 4)
  lab.signalGroup('SIGKILL')
  await lab.ended
  if (!existsSync(checkpoint)) return { kills: 1, faults: [] }
  flipBit(checkpoint, random)
  if (existsSync(join(folder, 'checkpoint.previous.safetensors'))) return { kills: 1, faults: [] }
  const end = await startLab(home, nextArguments(attempt)).ended
  if (!isRefused(end)) return { kills: 1, faults: said(end) }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  return { kills: 1, faults: said(end) }
}

/** It says what is wrong with the checkpoint; with exit code 0 where only the quality was still to be measured. */
const isRefused = ({ text }) => /checkpoint.*(is not usable|can.t be used|damaged|does not|expected)/i.test(text)

function flipBit(path, random) {
  const file = openSync(path, 'r+')
  try {
    const at = Math.floor(random() * statSync(path).size)
    const byte = Buffer.alloc(1)
    readSync(file, byte, 0, 1, at)
    byte[0] ^= 1 << Math.floor(random() * 8)
    writeSync(file, byte, 0, 1, at)
  } finally {
    closeSync(file)
  }
}
