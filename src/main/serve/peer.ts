// Whose process is at the other end of a connection from this machine: Linux keeps that in its table of connections.
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/** A process that connects to 127.0.0.1 by an IPv6 socket has its row in the second. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']
/** 127.0.0.1 and ::ffff:127.0.0.1, in whichever order of bytes (words of four, for the second). */
const LOOPBACK = ['0100007F', '7F000001', '0000000000000000FFFF00000100007F', '00000000000000000000FFFF7F000001']
const ROOT = 0

/** Number of the user whose process opened the connection; null where the system doesn't say. */
export function peerUser({ remotePort, localPort }: Pick<Socket, 'remotePort' | 'localPort'>): number | null {
  const theirs = TABLES.flatMap(rowsOf).find(([, from, to]) => isPort(from, remotePort) && isPort(to, localPort))
  return theirs ? Number(theirs[7]) : null
}

function rowsOf(table: string): string[][] {
  try {
    const rows = readFileSync(table, 'utf8').split('\n')
    return rows.map((row) => row.trim().split(/\s+/))
  } catch {
    return [] // no Linux, or no IPv6
  }
}

/** True where it is known that another user's process has connected. Root may look at everything anyway, and has its browser run by others. */
export function isAnotherUser(socket: Pick<Socket, 'remotePort' | 'localPort'>, own = process.getuid?.()): boolean {
  if (own === undefined || own === ROOT) return false
  const user = peerUser(socket)
  return user !== null && user !== own && user !== ROOT
}

/** Whether `address`, as `0100007F:1F90`, is the port of 127.0.0.1. */
function isPort(address: string | undefined, port: number | undefined): boolean {
  const [host = '', hexadecimal = ''] = address?.split(':') ?? []
  return LOOPBACK.includes(host) && Number.parseInt(hexadecimal, 16) === port
}
