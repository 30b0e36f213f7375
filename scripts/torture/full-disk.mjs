// A disk that is full before the run is done: it says so, keeps what is complete, and goes on once there is room.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { failedWith } from './answers.mjs'
import { startLab } from './lab-process.mjs'

const PAGE_BYTES = 4096
const ROOM = '256m'
const mounted = new Set()

/** The run's folder is on a disk of its own with room for any part of a run; then the disk grows. */
export async function fullDisk({ home, args, folder, random, bytes }) {
  const disk = dirname(folder)
  const size = PAGE_BYTES * (1 + Math.floor((0.9 * random() * bytes) / PAGE_BYTES))
  const problem = mount(disk, `size=${size}`)
  if (problem !== '') {
    const how = 'as root, or all of the torture by "unshare -rm npm run torture"'
    return { skipped: `a small disk has to be mounted for it, ${how} (${problem})` }
  }
  const faults = failedWith('disk is full', await startLab(home, args).ended)
  mount(disk, `remount,size=${ROOM}`)
  return { kills: 0, faults }
}

/** Answers with why not, or an empty text. */
function mount(folder, options) {
  mkdirSync(folder, { recursive: true })
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'torture', folder], {
    encoding: 'utf8'
  })
  if (status === 0) mounted.add(folder)
  return status === 0 ? '' : (error?.message ?? stderr.trim())
}

/** Takes the disks below `place` away, with what is on them. */
export function unmountBelow(place) {
  for (const folder of mounted) {
    if (!folder.startsWith(`${place}/`)) continue
    spawnSync('umount', ['--lazy', folder])
    mounted.delete(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}
