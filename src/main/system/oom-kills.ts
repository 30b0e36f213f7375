// How many processes the kernel has ended because memory ran out: a kill that raises the number was one of those.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The kernel's count of such kills among the processes of this one's control group, where it keeps one, else on the whole machine; null
 * where the system tells neither (before Linux 4.13, on other systems). `root` is where /proc and /sys are.
 */
export function oomKills(root = '/'): number | null {
  for (const path of countersOf(textOf(join(root, 'proc/self/cgroup')))) {
    const kills = countIn(textOf(join(root, path)))
    if (kills !== null) return kills
  }
  return countIn(textOf(join(root, 'proc/vmstat')))
}

/** Tells whether a process that has ended was one of those. */
export interface OomWatch {
  /** The process lives: what was counted until now was others. */
  note(): void
  /** Whether the count has risen since; false where it can't be known. */
  hasRisen(): boolean
}

const NOTES_APART_MILLISECONDS = 500

/**
 * Watches the count from now on. Compared is the note before the last: a sign of life may have been on its way while the process was
 * ended. `count` and `now` (milliseconds) are replaced by tests.
 */
export function watchOomKills(count = () => oomKills(), now = () => performance.now()): OomWatch {
  let last = { kills: count(), at: now() }
  let before = last
  return {
    note() {
      if (now() - last.at < NOTES_APART_MILLISECONDS) return // several that waited to be heard count as one
      before = last
      last = { kills: count(), at: now() }
    },
    hasRisen() {
      const kills = count()
      return kills !== null && before.kills !== null && kills > before.kills
    }
  }
}

/** cgroups(7): a line a hierarchy, `4:memory:/path` in version 1, `0::/path` in version 2; a container sees its own group as the root. */
function countersOf(groups: string): string[] {
  const version1 = /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(.*)$/m.exec(groups)?.[1]
  const version2 = /^0::(.*)$/m.exec(groups)?.[1]
  return [
    ...(version1 === undefined ? [] : [version1, ''].map((path) => `sys/fs/cgroup/memory${path}/memory.oom_control`)),
    ...(version2 === undefined ? [] : [version2, ''].map((path) => `sys/fs/cgroup${path}/memory.events`))
  ]
}

function countIn(text: string): number | null {
  const count = /^oom_kill (\d+)$/m.exec(text)?.[1]
  return count === undefined ? null : Number(count)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
