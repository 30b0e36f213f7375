import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, type TestContext } from 'vitest'
import { isAnotherUser, peerUser } from '../../../src/main/serve/peer'

const NOBODY = 65_534
const SOMEBODY = 1234

const needsLinux = (context: TestContext) => context.skip(process.platform !== 'linux', 'needs the table of Linux')

let server: Server
let port: number
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterEach(() => server.close())

it('knows a connection of its own user', async (context) => {
  needsLinux(context)
  const client = connect(port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket]
  expect(peerUser(socket)).toBe(process.getuid?.())
  expect(isAnotherUser(socket)).toBe(false)
  client.destroy()
})

it.for(['127.0.0.1', '::ffff:127.0.0.1'])('knows a connection of another account to %s', async (host, context) => {
  needsLinux(context)
  context.skip(process.getuid?.() !== 0, 'needs root, to become another account')
  const script = `process.setgid(${NOBODY}); process.setuid(${NOBODY}); require('node:net').connect(${port}, '${host}')`
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' })
  const [socket] = (await once(server, 'connection')) as [Socket]
  expect(peerUser(socket)).toBe(NOBODY)
  expect(isAnotherUser(socket, SOMEBODY)).toBe(true)
  expect([isAnotherUser(socket, NOBODY), isAnotherUser(socket, 0)]).toEqual([false, false])
  const ended = once(child, 'exit')
  child.kill()
  await ended
})

it('takes a connection that the table does not have for one of its own', () => {
  expect(peerUser({ remotePort: undefined, localPort: port })).toBeNull()
  expect(isAnotherUser({ remotePort: 0, localPort: port }, SOMEBODY)).toBe(false)
})
