// What a page must show before the lab answers it, over real sockets.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest'
import { serve, type Served } from '../../../src/main/serve/serve'
import type { LabCalls } from '../../../src/shared/contract'
import { encodeMessage } from '../../../src/shared/message-encoding'
import type { LabListener } from '../../../src/shared/rpc'
import { openPage, socketOf, tokenOf } from '../../fixtures/page'

const rendererFolder = mkdtempSync(join(tmpdir(), 'session-'))
afterAll(() => rmSync(rendererFolder, { recursive: true }))

const LIST_RUNS = encodeMessage({ t: 'q', i: '1', m: 'listRuns', a: [] })
const listRuns = vi.fn(async () => [])
const listeners = new Set<LabListener>()
const lab = {
  calls: { listRuns } as unknown as LabCalls,
  subscribe(listener: LabListener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
}

let served: Served
let port: number
const token = () => tokenOf(served.issueLink())

async function start(patience?: number) {
  served = await serve({ lab, rendererFolder, port: 0, ...(patience !== undefined && { patience }) })
  port = Number(new URL(served.issueLink()).port)
}
beforeEach(() => start())
afterEach(async () => {
  await served.close()
  listRuns.mockClear()
})

it('a link opens one page; its session opens the page again after a reload', async () => {
  const link = token()
  const first = await openPage(port, { link })
  expect(await first.lab.calls.listRuns()).toEqual([])
  first.socket.terminate()
  const again = await openPage(port, { session: first.session })
  expect(again.session).toBe(first.session)
  expect(await again.lab.calls.listRuns()).toEqual([])
  await expect(openPage(port, { link })).rejects.toThrow('4401')
})

it('says when a printed link has been used', async () => {
  const onUsed = vi.fn()
  const link = tokenOf(served.issueLink({ onUsed }))
  await expect(openPage(port, { link: 'A'.repeat(43) })).rejects.toThrow('4401')
  expect(onUsed).not.toHaveBeenCalled()
  await openPage(port, { link })
  expect(onUsed).toHaveBeenCalledTimes(1)
})

const wrong: [string, () => unknown][] = [
  ['nothing', () => null],
  ['an empty link', () => ({ link: '' })],
  ['a shortened link', () => ({ link: token().slice(1) })],
  ['a lengthened link', () => ({ link: `${token()}A` })],
  ['a link in lower case', () => ({ link: token().toLowerCase() })],
  ['a link as session', () => ({ session: token() })],
  ['a link and a session', () => ({ link: token(), session: token() })],
  ['a link with more beside it', () => ({ link: token(), t: 'q' })],
  ['bytes', () => ({ link: new Uint8Array(32) })],
  ['a list', () => [token()]],
  ['a call', () => ({ t: 'q', i: '1', m: 'listRuns', a: [] })],
  ['very much', () => ({ link: 'A'.repeat(60_000) })]
]
it.each(wrong)('%s opens nothing', async (_what, opening) => {
  await expect(openPage(port, opening())).rejects.toThrow('4401')
  expect(listRuns).not.toHaveBeenCalled()
})

it('text and broken MessagePack open nothing', async () => {
  for (const junk of [JSON.stringify({ link: token() }), Buffer.from([0xc1]), Buffer.alloc(0)]) {
    const socket = socketOf(port)
    await once(socket, 'open')
    const closed = once(socket, 'close')
    socket.send(junk)
    expect((await closed)[0]).toBe(4401)
  }
})

it('hears no event and gets no answer before it has opened, whatever it sends behind', async () => {
  const socket = socketOf(port)
  const heard = vi.fn()
  socket.on('message', heard)
  await once(socket, 'open')
  expect(listeners.size).toBe(0)
  const closed = once(socket, 'close')
  for (let count = 0; count < 3; count++) socket.send(LIST_RUNS)
  await closed
  expect([heard.mock.calls.length, listRuns.mock.calls.length]).toEqual([0, 0])
})

it('a socket that says nothing is ended, a page that has opened before it stays', async () => {
  await served.close()
  await start(2_000)
  const { socket: page } = await openPage(port, { link: token() })
  const silent = socketOf(port)
  expect((await once(silent, 'close'))[0]).toBe(1006)
  expect(page.readyState).toBe(page.OPEN)
})

it('of many sockets that say nothing the oldest is ended, and a page still comes in', async () => {
  const silent = []
  for (let count = 0; count < 16; count++) {
    const socket = socketOf(port)
    await once(socket, 'open')
    silent.push(socket)
  }
  const oldest = once(silent[0] as (typeof silent)[0], 'close')
  await openPage(port, { link: token() })
  await oldest
  expect(silent.slice(1).every((socket) => socket.readyState === socket.OPEN)).toBe(true)
})

it('so many pages and no more; one that left makes room, and the link is not used up meanwhile', async () => {
  const pages = []
  for (let count = 0; count < 32; count++) pages.push(await openPage(port, { link: token() }))
  const link = token()
  await expect(openPage(port, { link })).rejects.toThrow('4429')
  pages[0]?.socket.close()
  await once(pages[0]?.socket as (typeof pages)[0]['socket'], 'close')
  await vi.waitFor(() => openPage(port, { link }))
})

it('ends a connection that sends more than a call can hold, opened or not, and goes on', async () => {
  const { socket: opened } = await openPage(port, { link: token() })
  const silent = socketOf(port)
  await once(silent, 'open')
  for (const socket of [opened, silent]) {
    const closed = once(socket, 'close')
    socket.send(Buffer.alloc(65 * 1024))
    expect((await closed)[0]).toBe(1009)
  }
  await openPage(port, { link: token() })
})
