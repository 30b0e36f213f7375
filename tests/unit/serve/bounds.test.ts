// Work and memory that one page can cost, over real sockets.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { serve, type Served } from '../../../src/main/serve/serve'
import type { EpochEnded, LabCalls, LabEvents } from '../../../src/shared/contract'
import type { LabListener } from '../../../src/shared/rpc'
import { stepProgress } from '../../fixtures/step-progress'
import { openPage, tokenOf } from '../../fixtures/page'

const rendererFolder = mkdtempSync(join(tmpdir(), 'bounds-'))
afterAll(() => rmSync(rendererFolder, { recursive: true }))

const MEGABYTE = 1_000_000
const AT_ONCE = 8
const WAITING = 256

let calls: Partial<LabCalls>
let listeners: Set<LabListener>
let served: Served
let port: number
beforeEach(async () => {
  calls = { listRuns: async () => [] }
  listeners = new Set()
  const lab = {
    get calls() {
      return calls as LabCalls
    },
    subscribe(listener: LabListener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
  served = await serve({ lab, rendererFolder, port: 0 })
  port = Number(new URL(served.issueLink()).port)
})
afterEach(() => served.close())

const newPage = () => openPage(port, { link: tokenOf(served.issueLink()) })
const emit = <E extends keyof LabEvents>(event: E, payload: Parameters<LabEvents[E]>[0]) =>
  listeners.forEach((listener) => listener(event, payload))

it('so many calls of a page are under way, the others wait in order, the rest are refused; other pages are answered', async () => {
  const begun: string[] = []
  const ends: (() => void)[] = []
  calls.exportReport = ([id]) => {
    begun.push(id ?? '')
    return new Promise((resolve) => ends.push(() => resolve(new Uint8Array(1))))
  }
  const [page, other] = [await newPage(), await newPage()]
  const ids = Array.from({ length: AT_ONCE + WAITING + 3 }, (_, index) => `r${index}`)
  const outcomes = ids.map((id) =>
    page.lab.calls.exportReport([id]).then(
      () => 'done',
      (error: Error) => error.message
    )
  )
  expect(await Promise.all(outcomes.slice(-3))).toEqual(
    Array(3).fill(
      `This page asks for more than the lab can do: found ${AT_ONCE + WAITING} calls without an answer. Wait until some of them are answered.`
    )
  )
  expect(begun).toEqual(ids.slice(0, AT_ONCE))
  expect(await other.lab.calls.listRuns()).toEqual([])
  while (begun.length < AT_ONCE + WAITING || ends.length > 0) {
    ends.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(new Set(await Promise.all(outcomes.slice(0, -3)))).toEqual(new Set(['done']))
  expect(begun).toEqual(ids.slice(0, -3))
})

it('calls that wait are forgotten when their page goes', async () => {
  const begun = vi.fn()
  const ends: (() => void)[] = []
  calls.stopRun = (id) => {
    begun(id)
    return new Promise((resolve) => ends.push(resolve))
  }
  const { socket, lab } = await newPage()
  for (let count = 0; count < 20; count++) void lab.calls.stopRun('a').catch(() => undefined)
  await vi.waitFor(() => expect(begun).toHaveBeenCalledTimes(AT_ONCE))
  socket.terminate()
  await vi.waitFor(() => expect(listeners.size).toBe(0))
  for (const end of ends.splice(0)) end()
  await new Promise((resolve) => setImmediate(resolve))
  expect(begun).toHaveBeenCalledTimes(AT_ONCE)
})

it('a page that reads slowly gets all its answers, one after another, and none is computed ahead', async () => {
  const begun = vi.fn()
  calls.exportReport = async () => {
    begun()
    return new Uint8Array(8 * MEGABYTE)
  }
  const { socket, lab } = await newPage()
  socket.pause()
  const answers = Array.from({ length: 40 }, () => lab.calls.exportReport(['a']))
  await vi.waitFor(() => expect(begun).toHaveBeenCalled())
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(begun.mock.calls.length).toBeLessThanOrEqual(2 * AT_ONCE)
  socket.resume()
  expect((await Promise.all(answers)).every(({ length }) => length === 8 * MEGABYTE)).toBe(true)
  expect(socket.readyState).toBe(socket.OPEN)
})

const epoch: EpochEnded = {
  id: 'a',
  epoch: 1,
  trainLoss: [1],
  valLoss: [1],
  valMse: [1],
  digits: new Uint8Array(MEGABYTE),
  seconds: 1
}

it('a page that reads no more is cut off before much is kept for it, and may come back', async () => {
  const { socket, session } = await newPage()
  socket.pause()
  let sent = 0
  while (listeners.size > 0) {
    emit('epochEnded', epoch)
    sent += 1
    await new Promise((resolve) => setImmediate(resolve))
    expect(sent).toBeLessThan(100)
  }
  expect(sent).toBeGreaterThan(10)
  const again = await openPage(port, { session })
  expect(await again.lab.calls.listRuns()).toEqual([])
})

it('progress inside an epoch is left out for a page that reads slowly, epochs are not', async () => {
  const { socket, lab } = await newPage()
  const heard = { steps: 0, epochs: 0 }
  lab.on('stepProgress', () => (heard.steps += 1))
  lab.on('epochEnded', () => (heard.epochs += 1))
  socket.pause()
  const epochs = 20
  for (let count = 0; count < epochs; count++) emit('epochEnded', epoch)
  for (let count = 0; count < 1_000; count++) {
    emit('stepProgress', stepProgress)
  }
  socket.resume()
  await drained(socket, () => heard.epochs === epochs)
  expect(await lab.calls.listRuns()).toEqual([])
  expect(heard).toEqual({ steps: 0, epochs })
})

function drained(socket: WebSocket, isDone: () => boolean): Promise<unknown> {
  return isDone() ? Promise.resolve() : once(socket, 'message').then(() => drained(socket, isDone))
}
