// The browser's side over real sockets: a page's messages, what opens its session, and raw bytes.
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import type { LabErrorData } from '@shared/errors'
import { decodeMessage, encodeMessage } from '@shared/message-encoding'
import type { Opened, Opening } from '@shared/session'
import { serve, type Served } from '../../../src/main/serve/serve'
import { tokenOf } from '../../fixtures/page'
import { Fault, type FuzzReader, type OpenReader } from '../reader'
import { labWithoutTrainer, serviceOf } from './fuzzed-lab'
import { PROBE, probe, requests, type Answer } from './requests'

async function served(folder: string): Promise<{ port: number; server: Served; close(): Promise<void> }> {
  const rendererFolder = join(folder, 'renderer')
  mkdirSync(rendererFolder)
  writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html>')
  const lab = labWithoutTrainer(folder)
  const server = await serve({ lab: serviceOf(lab), rendererFolder, port: 0 })
  const port = Number(new URL(server.issueLink()).port)
  return {
    port,
    server,
    async close() {
      await server.close()
      await lab.close()
    }
  }
}

async function socketOf(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/lab`, {
    origin: `http://127.0.0.1:${port}`,
    perMessageDeflate: false
  })
  socket.on('error', () => undefined)
  await once(socket, 'open')
  return socket
}

/** A page that has been let in, and the secret of its session. */
async function pageOf(port: number, opening: Opening): Promise<{ socket: WebSocket; session: string }> {
  const socket = await socketOf(port)
  socket.send(encodeMessage(opening))
  const [message] = (await once(socket, 'message')) as [Buffer]
  return { socket, ...(decodeMessage(message) as Opened) }
}

export const socketMessages: FuzzReader = {
  name: 'socket-messages',
  form: 'bytes',
  seeds: () => requests.map((request) => Buffer.from(encodeMessage(request))),
  async open(folder): Promise<OpenReader> {
    const { port, server, close } = await served(folder)
    const first = await pageOf(port, { link: tokenOf(server.issueLink()) })
    let { socket } = first
    return {
      async read(input) {
        if (socket.readyState !== WebSocket.OPEN) ({ socket } = await pageOf(port, { session: first.session }))
        const told: LabErrorData[] = []
        const ended = new Promise<void>((resolve) => {
          const hear = (data: Buffer) => {
            const answer = decodeMessage(data) as Answer
            if (answer.e) told.push(answer.e)
            if (answer.i === PROBE) settle()
          }
          const settle = () => {
            socket.off('message', hear)
            socket.off('close', settle)
            resolve()
          }
          socket.on('message', hear)
          socket.on('close', settle)
        })
        socket.send(input)
        socket.send(encodeMessage(probe))
        await ended
        return told
      },
      async close() {
        socket.terminate()
        await close()
      }
    }
  }
}

/** Stands in seeds where a secret of the server at hand belongs. */
const SECRET = 'S'.repeat(43)

export const openings: FuzzReader = {
  name: 'openings',
  form: 'bytes',
  seeds: () =>
    [{ link: SECRET }, { session: SECRET }, { session: 'x' }].map((opening) => Buffer.from(encodeMessage(opening))),
  async open(folder): Promise<OpenReader> {
    const { port, server, close } = await served(folder)
    const { socket: page, session } = await pageOf(port, { link: tokenOf(server.issueLink()) })
    page.terminate()
    return {
      async read(input) {
        const socket = await socketOf(port)
        const at = input.indexOf(SECRET)
        const opening = Buffer.from(input)
        if (at >= 0) opening.write(session, at)
        const answered = Promise.race([once(socket, 'message'), once(socket, 'close')])
        socket.send(opening)
        const [first] = (await answered) as [Buffer | number]
        const closed = once(socket, 'close')
        if (socket.readyState !== WebSocket.CLOSED) {
          socket.terminate()
          await closed
        }
        if (typeof first !== 'number' && at < 0) throw new Fault('a session for no secret')
      },
      close
    }
  }
}

const upgrade = [
  'GET /lab HTTP/1.1',
  'Host: 127.0.0.1:PORT!',
  'Origin: http://127.0.0.1:PORT!',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n'
].join('\r\n')

/** A client's frame with a mask of zeros. */
function frame(opcode: number, payload: Uint8Array, declared = payload.length): Buffer {
  const header = Buffer.alloc(14)
  header[0] = 0x80 | opcode
  header[1] = 0x80 | 127
  header.writeBigUInt64BE(BigInt(declared), 2)
  return Buffer.concat([header, payload])
}

export const connections: FuzzReader = {
  name: 'connections',
  form: 'bytes',
  seeds: () => {
    const opening = frame(2, encodeMessage({ session: SECRET }))
    return [
      Buffer.concat([Buffer.from(upgrade), opening]),
      Buffer.concat([Buffer.from(upgrade), frame(2, Buffer.alloc(8), 2 ** 53 - 1)]),
      Buffer.concat([Buffer.from(upgrade), frame(9, Buffer.alloc(4)), frame(8, Buffer.from([3, 232]))]),
      Buffer.from('GET /index.html?x HTTP/1.1\r\nHost: 127.0.0.1:PORT!\r\n\r\n'),
      Buffer.from('POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 5\r\n\r\nhello')
    ]
  },
  async open(folder): Promise<OpenReader> {
    const { port, close } = await served(folder)
    const ownPort = (input: Buffer) => Buffer.from(input.toString('latin1').replaceAll('PORT!', String(port)), 'latin1')
    return {
      async read(input) {
        await talk(port, ownPort(input))
        const answer = await talk(
          port,
          ownPort(Buffer.from('GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT!\r\nConnection: close\r\n\r\n'))
        )
        if (!answer.startsWith('HTTP/1.1 200')) throw new Fault(`the next page gets ${answer.slice(0, 80)}`)
      },
      close
    }
  }
}

/** Says `bytes` and nothing more; answers with what came until the server had ended the connection. */
async function talk(port: number, bytes: Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text))
  socket.on('error', () => undefined)
  socket.end(bytes)
  await once(socket, 'close')
  return answer
}
