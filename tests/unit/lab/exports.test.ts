import { expect, test } from 'vitest'
import type { ExportProgress } from '@shared/exports'
import type { ExportCommand, ExportEvent } from '../../../src/main/export/messages'
import type { ChildExit, ChildProcess } from '../../../src/main/lab/child-process'
import { createExports } from '../../../src/main/lab/exports'
import { keptLog } from '../../fixtures/lab'
import { fixtureRun } from '../../fixtures/run-file'

/** A process that makes a file when the test says so, and knows what it was told. */
function scripted() {
  const listeners: { event(event: ExportEvent): void; exit(exit: ChildExit): void } = { event() {}, exit() {} }
  const heard: string[] = []
  const process: ChildProcess<ExportCommand, ExportEvent> = {
    pid: 1,
    send: (command) => void heard.push(command.type),
    onEvent: (listener) => (listeners.event = listener),
    onExit: (listener) => (listeners.exit = listener),
    kill: () => void heard.push('killed')
  }
  const makes = (name: string) => listeners.event({ type: 'file', name, content: Uint8Array.of(1) })
  return { process, heard, makes, ends: () => listeners.event({ type: 'done' }), exits: listeners }
}

function opened() {
  const started: ReturnType<typeof scripted>[] = []
  const told: ExportProgress[] = []
  const exports = createExports({
    spawn: () => {
      const one = scripted()
      started.push(one)
      return one.process
    },
    dataFolder: () => '/data',
    tell: (progress) => told.push(progress),
    version: '',
    log: keptLog()
  })
  return { exports, started, told }
}

const runOf = (id: string) => ({ folder: `/runs/${id}`, file: { ...fixtureRun({ latentDims: [2], epochs: 2 }), id } })
const scripts = { formats: ['csv', 'notebook'], models: null }
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('tells before the first file how many there are and which is next, and makes one when the last was taken', async () => {
  const { exports, started, told } = opened()
  const making = exports.makeOne(runOf('one'), scripts)
  await turn()
  expect(told).toEqual([{ id: 'one', done: 0, total: 2, name: 'one-losses.csv' }])
  const [process] = started
  process?.makes('one-losses.csv')
  await turn()
  process?.makes('one.ipynb')
  await turn()
  expect(process?.heard).toEqual(['export', 'next', 'next'])
  process?.ends()
  expect((await making).name).toBe('one-export.zip')
})

test('given up, its process is ended, and another of the run may follow', async () => {
  const { exports, started } = opened()
  const making = exports.makeOne(runOf('one'), scripts)
  await turn()
  await expect(exports.makeOne(runOf('one'), scripts)).rejects.toMatchObject({
    kind: 'busy',
    message: expect.stringContaining('already')
  })
  exports.cancel('another')
  exports.cancel('one')
  await expect(making).rejects.toMatchObject({ kind: 'busy', data: { problem: 'The export was cancelled' } })
  await turn()
  expect(started.map(({ heard }) => heard)).toEqual([['export', 'killed']])
  const again = exports.makeOne(runOf('one'), { formats: ['csv'], models: null })
  await turn()
  started[1]?.makes('one-losses.csv')
  await turn()
  started[1]?.ends()
  expect((await again).name).toBe('one-losses.csv')
})

test('one waits behind another, and is given up before its turn without a process', async () => {
  const { exports, started } = opened()
  const first = exports.makeOne(runOf('one'), scripts)
  const second = exports.makeOne(runOf('two'), scripts)
  await turn()
  expect(started).toHaveLength(1)
  exports.cancel('two')
  await expect(second).rejects.toMatchObject({ kind: 'busy' })
  started[0]?.makes('one-losses.csv')
  await turn()
  started[0]?.makes('one.ipynb')
  await turn()
  started[0]?.ends()
  await first
  await turn()
  expect(started).toHaveLength(1)
})

test('given up while a file is taken, it ends when that is done', async () => {
  const { exports, started } = opened()
  const giving = new AbortController()
  const order: string[] = []
  let taken = () => {}
  const take = () => new Promise<void>((resolve) => (taken = resolve)).then(() => order.push('taken'))
  const tools = { take, onProgress: () => undefined, signal: giving.signal }
  const making = exports.make(runOf('one'), scripts, tools).catch(() => order.push('ended'))
  await turn()
  started[0]?.makes('one-losses.csv')
  await turn()
  giving.abort()
  await turn()
  expect(order).toEqual([])
  taken()
  await making
  expect(order).toEqual(['taken', 'ended'])
})

test('a process that dies ends it', async () => {
  const { exports, started } = opened()
  const making = exports.makeOne(runOf('one'), scripts)
  await turn()
  started[0]?.exits.exit({ code: 1, signal: null, stderr: 'It broke' })
  await expect(making).rejects.toMatchObject({ kind: 'internal', data: { found: 'It broke' } })
})
