// The browser host on 127.0.0.1: the interface's files, which hold no secret, and the lab over a WebSocket, for whoever holds a link.
import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { LabError } from '@shared/errors'
import { serveLab, type LabService } from '@shared/rpc'
import { LINK_FRAGMENT, LONGEST_LIST } from '@shared/session'
import { createAdmission } from './admission'
import { createGate, type Gate, type LinkOptions } from './gate'
import { createRequestListener } from './http'
import { isAnotherUser } from './peer'
import { readStaticFiles } from './static-files'
import { webSocketTransport } from './websocket-transport'

// Calls are small: an experiment is under 1 kB.
const LARGEST_CALL_BYTES = 64 * 1024

export interface ServeOptions {
  lab: LabService
  /** The built interface, `out/renderer`. */
  rendererFolder: string
  /** 0: any free port. */
  port: number
  /** Milliseconds that a page may take to show its session; default: 10 s. */
  patience?: number
}

export interface Served {
  /** A link that opens the interface in one tab of a browser of this machine, once. */
  issueLink(options?: LinkOptions): string
  close(): Promise<void>
}

/** Starts to serve. Throws LabError `bad-value` if the port can't be had. */
export async function serve({ lab, rendererFolder, port, patience }: ServeOptions): Promise<Served> {
  const files = await readStaticFiles(rendererFolder)
  const server = createServer()
  const connections = new Set<Socket>()
  server.on('connection', (connection) => {
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
  })
  await listen(server, port)
  const ownPort = (server.address() as AddressInfo).port
  const gate = createGate(ownPort)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_CALL_BYTES, perMessageDeflate: false })
  const admit = createAdmission(gate, (socket) => serveLab(lab, webSocketTransport(socket, LONGEST_LIST)), patience)
  sockets.on('connection', (socket) => {
    socket.on('error', () => undefined) // a broken frame or an oversized call: the socket closes itself
    admit(socket)
  })
  server.on('request', createRequestListener(gate, files))
  server.on('upgrade', (request, socket, head) => {
    const refusal = refusalOf(gate, request)
    if (refusal !== null) return refuse(socket, refusal)
    sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted, request))
  })
  return {
    issueLink: (options) => `http://127.0.0.1:${ownPort}/${LINK_FRAGMENT}${gate.issueLink(options)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const connection of connections) connection.destroy()
      })
  }
}

/** The status that refuses a WebSocket, or null if it may open. */
function refusalOf(gate: Gate, request: IncomingMessage): number | null {
  if (!gate.isOwnOrigin(request) || isAnotherUser(request.socket)) return 403
  return request.url === '/lab' ? null : 404
}

function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(port, error)))
    server.listen(port, '127.0.0.1', resolve)
  })
}

function portError(port: number, { code }: NodeJS.ErrnoException): LabError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'taken by another program',
    EACCES: 'reserved for the system'
  }
  return new LabError('bad-value', `Port ${port} can't be used`, {
    found: reasons[code ?? ''] ?? code ?? '',
    expected: 'a free port',
    remedy: 'Leave out --port to use any free one'
  })
}
