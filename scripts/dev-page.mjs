// The page of `npm run dev`: Vite's development server behind the gate of `lab serve`, and for a browser the way to the lab.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer, mergeConfig, runnerImport } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const gateSource = join(root, 'src/main/serve/gate.ts')

/**
 * Serves the page of Vite's `config` on 127.0.0.1 to whoever has `link`. `connectLab` takes the link of a `lab serve` on `labPort`, and
 * from then on the page's WebSocket leads there.
 */
export async function servePage(config, labPort) {
  const { createGate } = (await runnerImport(gateSource)).module
  const lab = { origin: `http://127.0.0.1:${labPort}`, cookie: null }
  let gate = null

  /** Lets a request pass that the gate admits, as one of the page that `lab serve` knows. */
  function leadToLab(request) {
    if (lab.cookie === null || !gate.isOwnOrigin(request) || !gate.hasCookie(request)) return false
    Object.assign(request.headers, { host: new URL(lab.origin).host, origin: lab.origin, cookie: lab.cookie })
  }

  const server = await createServer(
    mergeConfig(config, {
      cacheDir: join(root, 'out/dev/vite'),
      server: {
        host: '127.0.0.1',
        fs: { allow: [root] },
        proxy: { '^/lab$': { target: lab.origin, ws: true, bypass: leadToLab } }
      },
      plugins: [{ name: 'gate', configureServer: ({ middlewares }) => void middlewares.use(admit) }]
    })
  )
  await server.listen()
  const { port } = server.httpServer.address()
  gate = createGate(port)

  function admit(request, response, next) {
    const { pathname, searchParams } = new URL(request.url, lab.origin)
    if (pathname === '/' && gate.isOwnHost(request) && gate.admits(searchParams.get('token') ?? '')) {
      return response.writeHead(303, { 'Set-Cookie': gate.cookie, Location: '/' }).end()
    }
    if (gate.isOwnHost(request) && gate.hasCookie(request)) return next()
    response.writeHead(401).end('Open the link that was printed in the terminal.')
  }

  return {
    link: `http://127.0.0.1:${port}/?token=${gate.token}`,
    watcher: server.watcher,
    reload: () => server.ws.send({ type: 'full-reload' }),
    async connectLab(link) {
      const { headers } = await fetch(link, { redirect: 'manual' })
      lab.cookie = headers.get('set-cookie').split(';')[0]
    },
    disconnectLab: () => (lab.cookie = null)
  }
}
