import { afterEach, expect, test, vi } from 'vitest'
import { writeReport } from '../../../src/main/cli/report-command'
import type { Lab } from '../../../src/main/lab/lab'
import { keptHost } from '../../fixtures/cli-host'

const path = '/runs/\u001b]0;owned\u0007\u202e/report.pdf'

async function printed(isTTY: boolean): Promise<string> {
  const lab = {
    calls: { listRuns: async () => [{ id: 'one' }] },
    folderOf: () => '/runs/one',
    writeReport: async () => path,
    close: async () => undefined
  } as unknown as Lab
  let text = ''
  const stdout = { isTTY, write: (more: string) => (text += more) }
  await writeReport(keptHost({ createLab: () => lab, stdout }).host, ['one'], {})
  return text
}

test('a path reaches a terminal without its control characters, and a script as it is', async () => {
  expect(await printed(true)).toBe('/runs/�]0;owned��/report.pdf\n')
  expect(await printed(false)).toBe(`${path}\n`)
})

afterEach(() => vi.useRealTimers())

/** What stderr shows while the report is made for longer than two seconds, and after it. */
async function shown(isTTY: boolean): Promise<string[]> {
  vi.useFakeTimers()
  let end: (path: string) => void = () => undefined
  const making = new Promise<string>((resolve) => (end = resolve))
  const asked = vi.fn(() => making)
  const lab = {
    calls: { listRuns: async () => [{ id: 'one' }] },
    folderOf: () => '/runs/one',
    writeReport: asked,
    close: async () => undefined
  } as unknown as Lab
  const texts: string[] = []
  const stderr = { isTTY, write: (more: string) => texts.push(more) }
  const written = writeReport(keptHost({ createLab: () => lab, stderr }).host, ['one'], {})
  while (asked.mock.calls.length === 0) await vi.advanceTimersByTimeAsync(0) // its timer has not begun before
  await vi.advanceTimersByTimeAsync(1999)
  expect(texts).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  end('/runs/one/report.pdf')
  await written
  return texts
}

test('a terminal is told while a report takes long, and cleared after it; a pipe is not', async () => {
  expect(await shown(true)).toEqual(['Making the report …', '\r\x1b[K'])
  expect(await shown(false)).toEqual([])
})
