import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ExportChoices } from '@shared/exports'
import { LabError } from '@shared/errors'
import { exportRun } from '../../../src/main/cli/export-command'
import type { ExportTools } from '../../../src/main/lab/export-in-process'
import type { Lab } from '../../../src/main/lab/lab'
import { keptHost } from '../../fixtures/cli-host'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bottleneck-lab-export-command-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(home, { recursive: true, force: true })
})

const files = ['a', 'b', 'c'].map((name) => ({ name, content: Uint8Array.of(1) }))
const choices: ExportChoices = {
  models: ['d=2'],
  formats: [{ key: 'onnx', label: '', writes: '', of: 'model', made: [{ files: ['a', 'b', 'c'], loads: '' }] }]
}

/** A lab that makes three files, with `between` called before each. */
function labOf(between: (made: number) => void): Lab {
  return {
    calls: { listRuns: async () => [{ id: 'one' }], exportChoices: async () => choices },
    folderOf: () => '/runs/one',
    exportTo: async (_: string, __: unknown, { take, onProgress, signal }: ExportTools) => {
      for (const [made, file] of files.entries()) {
        between(made)
        if (signal.aborted) throw new LabError('busy', 'It was cancelled')
        await take(file)
        onProgress(made + 1, files.length)
      }
    },
    close: async () => undefined
  } as unknown as Lab
}

const options = () => ({ what: 'onnx', out: join(home, 'out') })

test('Ctrl-C between two files ends it with 130 and leaves nothing', async () => {
  let interrupt = () => {}
  const lab = labOf((made) => made === 1 && interrupt())
  const onInterrupt = (listener: () => void) => {
    interrupt = listener
    return () => undefined
  }
  const { host, written } = keptHost({ createLab: () => lab, onInterrupt })
  expect(await exportRun(host, 'one', options())).toBe(130)
  expect([written.stdout, await readdir(home)]).toEqual(['', []])
})

test('what fails on the way leaves nothing', async () => {
  const lab = labOf((made) => {
    if (made === 2) throw new LabError('bad-file', 'It is damaged')
  })
  const { host, written } = keptHost({ createLab: () => lab })
  await expect(exportRun(host, 'one', options())).rejects.toThrow('It is damaged')
  expect([written.stdout, await readdir(home)]).toEqual(['', []])
})

test('says how far it is where it takes long, and nothing where it does not', async () => {
  const clock = vi.spyOn(performance, 'now')
  const shown = async (millisecondsAFile: number) => {
    let now = 0
    clock.mockImplementation(() => now)
    const { host, written } = keptHost({ createLab: () => labOf(() => (now += millisecondsAFile)) })
    expect(await exportRun(host, 'one', { ...options(), out: join(home, String(millisecondsAFile)) })).toBe(0)
    return written.stderr
  }
  expect(await shown(10)).toBe('')
  expect(await shown(1500)).toBe('Exporting … 67 %: b\n')
})
