// `--memory-budget` of the commands that train: the lab hears of it before a run begins.
import { expect, it } from 'vitest'
import { commandLine } from '../../../src/main/cli/main'
import type { Lab } from '../../../src/main/lab/lab'
import { keptHost } from '../../fixtures/cli-host'

async function call(...argv: string[]): Promise<string[]> {
  const heard: string[] = []
  const refuse = (name: string) => async () => {
    heard.push(name)
    throw new Error('far enough')
  }
  const lab = {
    calls: { describe: refuse('call'), startRun: refuse('call'), openRun: refuse('call'), listRuns: refuse('call') },
    limitMemory: (megabytes: number) => heard.push(`limit ${megabytes}`),
    subscribe: () => () => undefined,
    close: async () => undefined
  } as unknown as Lab
  const { host } = keptHost({ createLab: () => lab })
  expect(await commandLine(argv, host)).toBe(1)
  return heard
}

it.each([
  [
    ['run', '--device', 'cpu', '--memory-budget', '512'],
    ['limit 512', 'call']
  ],
  [
    ['continue', '2026', '--memory-budget', '64'],
    ['limit 64', 'call']
  ],
  [
    ['run', '--device', 'cpu', '--memory-budget', '1,000'],
    ['limit 1000', 'call']
  ],
  [['run', '--device', 'cpu'], ['call']],
  [['continue', '2026'], ['call']]
])('%j', async (argv, expected) => {
  expect((await call(...argv)).slice(0, expected.length)).toEqual(expected)
})

it.each(['run', 'continue'])('%s --help tells of it', async (command) => {
  const { host, written } = keptHost({
    createLab() {
      throw new Error('the lab was opened')
    }
  })
  await commandLine([command, '--help'], host)
  expect(written.stdout.replace(/\s+/g, ' ')).toContain('a whole number of megabytes from 1 to 1,000,000')
})
