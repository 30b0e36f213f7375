// The page of `npm run dev`: Vite's development server, and for a browser the way to the lab, behind the gate of `lab serve`.
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer, mergeConfig, runnerImport } from 'vite'
import { WebSocket, WebSocketServer } from 'ws'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = { configFile: false, resolve: { alias: { '@shared': join(root, 'src/shared') } } }
const source = async (path) => (await runnerImport(join(root, 'src', path), sources)).module

/**
 * Serves the page of Vite's `config` on 127.0.0.1. `connectLab` takes the link of a `lab serve` on `labPort`; from then on a page that came
 * by `issueLink` is led there. Its session lasts as long as this server, however often the lab is started.
 */
export async function servePage(config, labPort) {
  const { createGate } = await source('main/serve/gate.ts')
  const { createAdmission } = await source('main/serve/admission.ts')
  const { LINK_FRAGMENT } = await source('shared/session.ts')
  const { decodeMessage, encodeMessage } = await source('shared/message-encoding.ts')
  let session = null

  /** A connection to the lab and the answer to how it was opened. */
  async function openLab(opening) {
    const socket = new WebSocket(`ws://127.0.0.1:${labPort}/lab`, { origin: `http://127.0.0.1:${labPort}` })
    await once(socket, 'open')
    const answer = new Promise((resolve, reject) => {
      socket.once('message', (data) => {
        socket.pause() // until somebody listens
        resolve(data)
      })
      socket.once('close', () => reject(new Error('The lab does not take its own link')))
    })
    socket.send(encodeMessage(opening))
    return { socket, opened: decodeMessage(await answer) }
  }

  async function leadToLab(page) {
    page.pause()
    try {
      const { socket } = await openLab({ session })
      page.on('message', (data, binary) => socket.send(data, { binary }))
      socket.on('message', (data, binary) => page.send(data, { binary }))
      page.on('close', () => socket.close())
      socket.on('close', () => page.close())
      socket.on('error', () => undefined)
      socket.resume()
    } catch {
      page.close() // the lab is being started anew
    }
    page.resume()
  }

  const server = await createServer(
    mergeConfig(config, {
      cacheDir: join(root, 'out/dev/vite'),
      server: { host: '127.0.0.1', cors: false, fs: { allow: [root] } },
      plugins: [{ name: 'gate', configureServer: ({ middlewares }) => void middlewares.use(admitHost) }]
    })
  )
  await server.listen()
  const { port } = server.httpServer.address()
  const gate = createGate(port)
  const admit = createAdmission(gate, (page) => void leadToLab(page))
  const sockets = new WebSocketServer({ noServer: true })
  server.httpServer.on('upgrade', (request, socket, head) => {
    if (request.url !== '/lab') return // Vite's own
    if (gate.isOwnOrigin(request)) sockets.handleUpgrade(request, socket, head, admit)
    else socket.destroy()
  })

  function admitHost(request, response, next) {
    if (gate.isOwnHost(request)) next()
    else response.writeHead(403).end('Open the link as it was printed in the terminal.')
  }

  const address = `http://127.0.0.1:${port}/`
  return {
    address,
    issueLink: (options) => `${address}${LINK_FRAGMENT}${gate.issueLink(options)}`,
    watcher: server.watcher,
    reload: () => server.ws.send({ type: 'full-reload' }),
    async connectLab(link) {
      const { socket, opened } = await openLab({ link: new URL(link).hash.slice(LINK_FRAGMENT.length) })
      session = opened.session
      socket.terminate()
    }
  }
}
