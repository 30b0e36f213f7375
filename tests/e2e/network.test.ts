// Everything by which a page reaches the network, tried in the running application against servers of this test (rows 1, 7 and 8 of SECURITY.md).
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from './host'

/** A TCP and a UDP port of 127.0.0.1 that count who comes. */
async function listen() {
  const seen: string[] = []
  const tcp = createServer((socket) => {
    seen.push('TCP')
    socket.on('error', () => undefined).end()
  }).listen(0, '127.0.0.1')
  const udp = createSocket('udp4', () => seen.push('UDP'))
  udp.bind(0, '127.0.0.1')
  await Promise.all([once(tcp, 'listening'), once(udp, 'listening')])
  return {
    seen,
    tcp: (tcp.address() as AddressInfo).port,
    udp: udp.address().port,
    close() {
      tcp.close()
      udp.close()
    }
  }
}

test('1, 7, 8 no request of the page reaches the network, by name or by address', async ({ open }) => {
  const { page } = await open()
  const server = await listen()
  try {
    const outcomes = await page.evaluate(async (port) => {
      const http = `http://127.0.0.1:${port}/`
      const element = (name: string, properties: object) =>
        new Promise<string>((resolve) => {
          const made = document.createElement(name)
          made.onload = () => resolve(name === 'iframe' ? 'refused' : `${name} loaded`) // a frame loads the refusal
          made.onerror = () => resolve('refused')
          document.head.append(Object.assign(made, properties))
        })
      const socket = (name: 'WebSocket' | 'EventSource', url: string) =>
        new Promise<string>((resolve) => {
          const made = new globalThis[name](url)
          made.onopen = () => resolve(`${name} open`)
          made.onerror = () => resolve('refused')
        })
      const get = (url: string) =>
        fetch(url, { mode: 'no-cors' }).then(
          () => 'fetched',
          () => 'refused'
        )
      for (const rel of ['preconnect', 'dns-prefetch', 'prefetch']) {
        document.head.append(Object.assign(document.createElement('link'), { rel, href: http }))
      }
      navigator.sendBeacon(http, 'x')
      return Promise.all([
        get(http),
        get(http.replace('127.0.0.1', 'localhost')),
        get('https://example.org/'),
        element('script', { src: http }),
        element('img', { src: http }),
        element('link', { rel: 'stylesheet', href: http }),
        element('iframe', { src: http }),
        socket('WebSocket', http.replace('http', 'ws')),
        socket('EventSource', http)
      ])
    }, server.tcp)
    expect(new Set(outcomes)).toEqual(new Set(['refused']))
    expect(server.seen).toEqual([])
  } finally {
    server.close()
  }
})

test('WebRTC tells no address and reaches nobody, over UDP or TCP', async ({ open }) => {
  const { page } = await open()
  const server = await listen()
  const ports = { tcp: server.tcp, udp: server.udp }
  try {
    const found = await page.evaluate(async ({ tcp, udp }) => {
      const turn = { username: 'a', credential: 'b' }
      const iceServers = [
        { urls: `stun:127.0.0.1:${udp}` },
        { urls: `turn:127.0.0.1:${udp}`, ...turn },
        { urls: `turn:127.0.0.1:${tcp}?transport=tcp`, ...turn },
        { urls: `turns:127.0.0.1:${tcp}?transport=tcp`, ...turn }
      ]
      const [one, other] = [new RTCPeerConnection({ iceServers }), new RTCPeerConnection()]
      const candidates: string[] = []
      const hear = (from: RTCPeerConnection, to: RTCPeerConnection) =>
        from.addEventListener('icecandidate', ({ candidate }) => {
          if (!candidate?.candidate) return
          candidates.push(candidate.candidate)
          void to.addIceCandidate(candidate)
        })
      hear(one, other)
      hear(other, one)
      const channel = one.createDataChannel('x')
      const gathered = new Promise<void>((resolve) => {
        one.addEventListener('icegatheringstatechange', () => one.iceGatheringState === 'complete' && resolve())
      })
      await one.setLocalDescription()
      await other.setRemoteDescription(one.localDescription!)
      await other.setLocalDescription()
      await one.setRemoteDescription(other.localDescription!)
      await gathered
      return { candidates, channel: channel.readyState }
    }, ports)
    expect(found).toEqual({ candidates: [], channel: 'connecting' })
    expect(server.seen).toEqual([])
  } finally {
    server.close()
  }
})
