// Answers HTTP requests: the interface's files for whoever came by the link, a short refusal for everybody else.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { securityHeaders } from '../system/content-security-policy'
import type { Gate } from './gate'
import type { StaticFile } from './static-files'

const HTML = 'text/html; charset=utf-8'

/** The listener of the browser host's HTTP server. No answer carries a CORS header. */
export function createRequestListener(gate: Gate, files: ReadonlyMap<string, StaticFile>): RequestListener {
  return (request, response) => {
    const [path = '', query = ''] = splitOnce(request.url ?? '', '?')
    if (!gate.isOwnHost(request))
      return refuse(response, 403, 'Open the link as it was printed in the terminal, with the same host and port.')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return refuse(response, 405, 'Only GET is answered here.')
    }
    const token = new URLSearchParams(query).get('token')
    if (path === '/' && token !== null && request.method === 'GET' && gate.admits(token)) {
      return welcome(request, response, gate.cookie)
    }
    if (!gate.hasCookie(request)) return refuse(response, 401, 'Open the link that was printed in the terminal.')
    const file = files.get(path)
    if (!file) return refuse(response, 404, 'There is no such file.')
    return answer(response, 200, file.type, request.method === 'HEAD' ? undefined : file.content)
  }
}

/** Gives the cookie and leads on to the page without the token in its address. */
function welcome(request: IncomingMessage, response: ServerResponse, cookie: string): void {
  response.setHeader('Set-Cookie', cookie)
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    // A link in another site's page: browsers keep a strict cookie from a redirect then, but not from a page's own refresh.
    return answer(response, 200, HTML, page('<meta http-equiv="refresh" content="0; url=/">', 'Opening …'))
  }
  response.setHeader('Location', '/')
  return answer(response, 303, HTML, '')
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  answer(response, status, HTML, page('', sentence))
}

function answer(response: ServerResponse, status: number, type: string, body: Buffer | string | undefined): void {
  const caching = type === HTML ? 'no-store' : 'private, max-age=3600'
  response.writeHead(status, { ...securityHeaders, 'Content-Type': type, 'Cache-Control': caching })
  response.end(body)
}

function page(head: string, sentence: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8">${head}<title>Bottleneck Lab</title><p>${sentence}</p></html>\n`
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
