// At most a share of one core for all processes of a command: by a cgroup where one can be made, else by stopping them most of the time.
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { linesOf, processesOfGroup } from './lab-process.mjs'

const PERIOD_MICROSECONDS = 100_000
const STOPPED_PERIOD_MILLISECONDS = 400
let made = 0

/** From now on until `lift()`; `end()` clears up once the command has ended. `how` says by what. */
export function starve(lab, share) {
  return byCgroup(lab, share) ?? byStopping(lab, share)
}

function byCgroup(lab, share) {
  for (const { version, parent } of placesForGroups()) {
    const folder = join(parent, `bottleneck-lab-torture-${process.pid}-${++made}`)
    const limit = (microseconds) => setQuota[version](folder, microseconds)
    try {
      mkdirSync(folder)
      limit(share * PERIOD_MICROSECONDS)
      for (const pid of processesOfGroup(lab.pid)) writeFileSync(join(folder, 'cgroup.procs'), String(pid))
    } catch {
      removeFolder(folder) // not allowed here, or a hierarchy without processor quotas
      continue
    }
    const end = async () => {
      for (let attempt = 0; attempt < 100 && !removeFolder(folder); attempt++) await wait(100)
    }
    return { how: `by a cgroup of version ${version}`, lift: () => limit(null), end }
  }
  return null
}

const setQuota = {
  1: (folder, microseconds) => {
    const quota = join(folder, 'cpu.cfs_quota_us')
    if (!existsSync(quota)) throw new Error('no quota')
    writeFileSync(quota, String(microseconds ?? -1))
  },
  2: (folder, microseconds) => {
    const quota = join(folder, 'cpu.max')
    if (!existsSync(quota)) throw new Error('no quota')
    writeFileSync(quota, `${microseconds ?? 'max'} ${PERIOD_MICROSECONDS}`)
  }
}

/** Folders of cgroups in which one of our own might be made, the nearest first. */
function placesForGroups() {
  const own = linesOf('/proc/self/cgroup').map((line) => line.split(':'))
  return linesOf('/proc/self/mountinfo').flatMap((line) => {
    const [before, [kind, , options]] = line.split(' - ').map((part) => part.split(' '))
    const mount = before[4]
    const controllers = options.split(',')
    if (kind === 'cgroup2') return upwards(mount, own.find(([id]) => id === '0')?.[2]).map(place(2))
    if (kind !== 'cgroup' || !controllers.includes('cpu')) return []
    return upwards(mount, own.find(([, names]) => names.split(',').includes('cpu'))?.[2]).map(place(1))
  })
}

const place = (version) => (parent) => ({ version, parent })

/** `/a/b` below the mount, `/a`, and the mount itself. */
function upwards(mount, path = '/') {
  const parts = path.split('/').filter(Boolean)
  return [...parts.keys(), parts.length].reverse().map((count) => join(mount, ...parts.slice(0, count)))
}

function removeFolder(folder) {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    return error.code === 'ENOENT'
  }
}

function byStopping(lab, share) {
  const working = (STOPPED_PERIOD_MILLISECONDS * share) / availableParallelism()
  let isLifted = false
  const lift = () => {
    isLifted = true
    lab.signalGroup('SIGCONT')
  }
  const go = async () => {
    while (!isLifted) {
      lab.signalGroup('SIGSTOP')
      await wait(STOPPED_PERIOD_MILLISECONDS - working)
      lab.signalGroup('SIGCONT')
      await wait(working)
    }
  }
  void lab.ended.then(lift)
  const gone = go()
  return { how: 'by stopping it most of the time', lift, end: () => gone }
}
