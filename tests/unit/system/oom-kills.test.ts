// The kernel's count of kills for want of memory, in the files of each version of control groups.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { oomKills, watchOomKills } from '../../../src/main/system/oom-kills'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'oom-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

const whole = 'oom_kill 9\n'
const events = 'low 0\nhigh 3\nmax 7\noom 2\noom_kill 1\noom_group_kill 0\n'
const control = 'oom_kill_disable 0\nunder_oom 0\noom_kill 4\n'

it('is that of the own group in version 2', () => {
  put('proc/vmstat', whole)
  put('proc/self/cgroup', '0::/user.slice/app.scope\n')
  put('sys/fs/cgroup/user.slice/app.scope/memory.events', events)
  expect(oomKills(root)).toBe(1)
})

it('is that of the own group in version 1, also where others stand beside it', () => {
  put('proc/vmstat', whole)
  put('proc/self/cgroup', '5:cpu,memory:/jobs/a\n3:cpuset:/\n0::/\n')
  put('sys/fs/cgroup/memory/jobs/a/memory.oom_control', control)
  expect(oomKills(root)).toBe(4)
})

it('is that of the root where a container sees no other', () => {
  put('proc/self/cgroup', '0::/../outside\n')
  put('sys/fs/cgroup/memory.events', events)
  expect(oomKills(root)).toBe(1)
})

it('is the machine’s where no group counts, and unknown elsewhere', () => {
  expect(oomKills(root)).toBeNull()
  put('proc/vmstat', `nr_free_pages 1\n${whole}`)
  put('proc/self/cgroup', '0::/\n')
  expect(oomKills(root)).toBe(9)
})

describe('a process that has ended', () => {
  /** Whether the count has risen for a process whose signs of life, a second apart, met these counts, the first its start, the last its end. */
  function hasRisen(...counts: (number | null)[]): boolean {
    let [count = null, time] = [counts[0], 0]
    const watch = watchOomKills(
      () => count,
      () => time
    )
    for (const next of counts.slice(1, -1)) {
      time += 1000
      count = next
      watch.note()
    }
    count = counts[counts.length - 1] ?? null
    return watch.hasRisen()
  }

  it.each<[string, boolean, (number | null)[]]>([
    ['was one if the count has risen since its last sign of life', true, [3, 3, 3, 4]],
    ['was one if it ended before its first', true, [3, 4]],
    ['was none if another was, while it lived on', false, [3, 4, 4, 4, 4]],
    ['was none if nothing was counted', false, [3, 3, 3]],
    ['is not known to be one where there was no count', false, [null, null, null, 5]],
    ['is not known to be one where there is no count', false, [3, 3, 3, null]],
    ['is not known to be one where nothing counts', false, [null, null]]
  ])('%s', (_, expected, counts) => expect(hasRisen(...counts)).toBe(expected))

  it('was one although signs of life that it had sent were heard after the kill', () => {
    let [count, time] = [3, 0]
    const watch = watchOomKills(
      () => count,
      () => time
    )
    time = 1000
    watch.note()
    ;[count, time] = [4, 6000]
    for (let late = 0; late < 5; late++) watch.note()
    expect(watch.hasRisen()).toBe(true)
  })
})
