import { expect, test } from 'vitest'
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
