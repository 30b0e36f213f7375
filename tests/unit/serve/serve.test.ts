import { once } from 'node:events'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve, type Served } from '../../../src/main/serve/serve'
import type { LabCalls } from '../../../src/shared/contract'
import { socketOf, tokenOf } from '../../fixtures/page'

const SECRET_BESIDE = 'a file beside the interface, not to be served'

let folder: string
let served: Served
let port: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serve-'))
  const rendererFolder = join(folder, 'renderer')
  await mkdir(join(rendererFolder, 'assets'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), SECRET_BESIDE)
  await writeFile(join(rendererFolder, 'index.html'), '<!doctype html><title>the interface</title>')
  await writeFile(join(rendererFolder, 'assets', 'index-1.js'), 'export {}')
  await writeFile(join(rendererFolder, 'assets', 'font.woff2'), 'font')
  served = await serve({ lab: labOf({ listRuns: async () => [] }), rendererFolder, port: 0 })
  port = Number(new URL(served.issueLink()).port)
})

afterAll(async () => {
  await served.close()
  await rm(folder, { recursive: true })
})

it('the link is on 127.0.0.1 and carries 32 random bytes where no request carries them', () => {
  const link = served.issueLink()
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#link=[A-Za-z0-9_-]{43}$/)
  expect(served.issueLink()).not.toBe(link)
})

it('no answer sets a cookie, and none is asked for one', async () => {
  const cookie = `bottleneck-lab-${port}=${'A'.repeat(43)}`
  for (const path of ['/', '/assets/index-1.js', '/nowhere', `/?token=${tokenOf(served.issueLink())}`]) {
    for (const headers of [{}, { cookie }, { host: 'evil.example' }]) {
      expect((await ask({ path, headers })).headers['set-cookie']).toBeUndefined()
    }
  }
  const socket = socketOf(port)
  const [response] = (await once(socket, 'upgrade')) as [{ headers: IncomingHttpHeaders }]
  expect(response.headers['set-cookie']).toBeUndefined()
  socket.terminate()
})

// What a request says of itself, with the status over HTTP (GET /) and over a WebSocket (101: open).
const addresses: [host: string, origin: string | undefined, http: number, socket: number][] = [
  ['127.0.0.1:PORT', 'http://127.0.0.1:PORT', 200, 101],
  ['localhost:PORT', 'http://localhost:PORT', 200, 101],
  ['127.0.0.1:PORT', undefined, 200, 403],
  ['127.0.0.1:PORT', 'null', 200, 403],
  ['127.0.0.1:PORT', '', 200, 403],
  ['127.0.0.1:PORT', 'http://localhost:PORT', 200, 403],
  ['localhost:PORT', 'http://127.0.0.1:PORT', 200, 403],
  ['127.0.0.1:PORT', 'https://127.0.0.1:PORT', 200, 403],
  ['127.0.0.1:PORT', 'http://127.0.0.1:NEXT', 200, 403],
  ['127.0.0.1:PORT', 'http://127.0.0.1', 200, 403],
  ['127.0.0.1:PORT', 'http://127.0.0.1:PORT/', 200, 403],
  ['127.0.0.1:PORT', 'http://127.0.0.1:PORT.evil.example', 200, 403],
  ['127.0.0.1:PORT', 'http://evil.example?http://127.0.0.1:PORT', 200, 403],
  ['127.0.0.1:PORT', 'HTTP://127.0.0.1:PORT', 200, 403],
  ['localhost:PORT', 'http://LOCALHOST:PORT', 200, 403],
  ['LOCALHOST:PORT', 'http://LOCALHOST:PORT', 403, 403],
  ['localhost.:PORT', 'http://localhost.:PORT', 403, 403],
  ['127.0.0.1:NEXT', 'http://127.0.0.1:NEXT', 403, 403],
  ['127.0.0.1', 'http://127.0.0.1', 403, 403],
  ['127.0.0.1:PORT.evil.example', 'http://127.0.0.1:PORT.evil.example', 403, 403],
  ['127.0.0.1.evil.example:PORT', 'http://127.0.0.1.evil.example:PORT', 403, 403],
  ['evil127.0.0.1:PORT', 'http://evil127.0.0.1:PORT', 403, 403],
  ['evil.example', 'http://evil.example', 403, 403],
  ['0.0.0.0:PORT', 'http://0.0.0.0:PORT', 403, 403],
  ['[::1]:PORT', 'http://[::1]:PORT', 403, 403],
  ['2130706433:PORT', 'http://2130706433:PORT', 403, 403],
  ['user@127.0.0.1:PORT', 'http://127.0.0.1:PORT', 403, 403],
  [' ', 'http://127.0.0.1:PORT', 403, 403]
]

describe.each(addresses)('Host %j, Origin %j', (host, origin, http, socket) => {
  const headers = (): OutgoingHttpHeaders => ({
    host: fill(host),
    ...(origin !== undefined && { origin: fill(origin) })
  })

  it(`GET: ${http}`, async () => {
    expect((await ask({ path: '/', headers: headers() })).status).toBe(http)
  })
  it(`WebSocket: ${socket}`, async () => {
    expect(await upgrade('/lab', headers())).toBe(socket)
  })
})

describe('files', () => {
  it('come with their type, the security headers and no CORS header', async () => {
    const expected = {
      '/': 'text/html',
      '/index.html': 'text/html',
      '/assets/index-1.js': 'text/javascript',
      '/assets/font.woff2': 'font/woff2'
    }
    for (const [path, type] of Object.entries(expected)) {
      const { status, headers } = await ask({ path })
      expect(status).toBe(200)
      expect(headers['content-type']).toContain(type)
      expectSecured(headers)
    }
    const page = await ask({ path: '/' })
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.body).toContain('the interface')
  })

  it('no file is a service worker', async () => {
    for (const path of ['/', '/assets/index-1.js']) {
      expect((await ask({ path, headers: { 'service-worker': 'script' } })).status).toBe(404)
    }
  })

  it('answers HEAD without a body', async () => {
    const answer = await ask({ path: '/', method: 'HEAD' })
    expect([answer.status, answer.body]).toEqual([200, ''])
  })

  it('takes no method but GET and HEAD, whatever the origin', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND']) {
      for (const origin of [`http://127.0.0.1:${port}`, 'http://evil.example', 'null']) {
        const answer = await ask({ path: '/', method, headers: { origin } })
        expect([method, answer.status]).toEqual([method, 405])
        expectSecured(answer.headers)
      }
    }
  })

  it('refusals are secured alike', async () => {
    expectSecured((await ask({ path: '/nowhere' })).headers)
    expectSecured((await ask({ path: '/', headers: { host: 'evil.example' } })).headers)
  })

  const traversal = [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/%252e%252e%252fsecret.txt',
    '/..%c0%afsecret.txt',
    '//secret.txt',
    '//127.0.0.1/secret.txt',
    '/./index.html',
    '//index.html',
    '/index.html/',
    '/index.html%00.js',
    '/index.html%00',
    '/assets',
    '/assets/',
    '/C:/Windows/win.ini',
    '/C:%5cWindows%5cwin.ini',
    '/\\\\host\\share',
    '/etc/passwd',
    'secret.txt',
    '../secret.txt',
    'file:///etc/passwd',
    'http://127.0.0.1/index.html',
    '/INDEX.HTML',
    '/__proto__',
    '/constructor',
    '*',
    `/${'a/'.repeat(4000)}`
  ]
  it.each(traversal)('%s: not found', async (path) => {
    const answer = await rawGet(path)
    expect(answer).toMatch(/^HTTP\/1\.1 (404|400) /)
    expect(answer).not.toContain(SECRET_BESIDE)
    expect(answer).not.toContain('root:')
  })
})

it('the lab is at /lab alone', async () => {
  for (const path of ['/', '/LAB', '/lab/', '/lab?x', '/lab/../lab', '//lab']) {
    expect(await upgrade(path, { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` })).toBe(404)
  }
})

it('a port that is taken is a bad value that says so', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const taken = (other.address() as AddressInfo).port
  await expect(serve({ lab: labOf({}), rendererFolder: join(folder, 'renderer'), port: taken })).rejects.toMatchObject({
    data: { kind: 'bad-value', found: 'taken by another program' }
  })
  other.close()
})

it('close ends open connections at once', async () => {
  const second = await serve({ lab: labOf({}), rendererFolder: join(folder, 'renderer'), port: 0 })
  const socket = connect(Number(new URL(second.issueLink()).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')
  await second.close()
  await closed
})

function labOf(calls: Partial<LabCalls>) {
  return { calls: calls as LabCalls, subscribe: () => () => undefined }
}

function fill(text: string): string {
  return text.replaceAll('PORT', String(port)).replaceAll('NEXT', String(port + 1))
}

function expectSecured(headers: IncomingHttpHeaders): void {
  const policy = headers['content-security-policy']
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe')
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['referrer-policy']).toBe('no-referrer')
  expect(headers['cross-origin-resource-policy']).toBe('same-origin')
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

function ask(options: { path: string; method?: string; headers?: OutgoingHttpHeaders }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, agent: false, ...options }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** The status that answers an upgrade: 101 where a WebSocket opens. */
function upgrade(path: string, own: OutgoingHttpHeaders): Promise<number> {
  const headers: OutgoingHttpHeaders = {
    ...own,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ=='
  }
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent: false, headers })
    sent.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('upgrade', (_response, socket) => {
      socket.destroy()
      resolve(101)
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** Sends the path as it is, which an HTTP client would tidy first. */
function rawGet(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (part) => (answer += part.toString()))
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
  })
}
