// Answers HTTP requests: the interface's files, which hold no secret, and a short refusal for everything else.
import type { RequestListener, ServerResponse } from 'node:http'
import { securityHeaders } from '../system/content-security-policy'
import type { Gate } from './gate'
import type { StaticFile } from './static-files'

const HTML = 'text/html; charset=utf-8'

/** The listener of the browser host's HTTP server. No answer carries a CORS header or a cookie. */
export function createRequestListener(gate: Gate, files: ReadonlyMap<string, StaticFile>): RequestListener {
  return (request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1)
    if (!gate.isOwnHost(request))
      return refuse(response, 403, 'Open the link as it was printed in the terminal, with the same host and port.')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return refuse(response, 405, 'Only GET is answered here.')
    }
    // No file is a service worker, which would outlive the server; a 404 also removes one that another server of this port left.
    const file = request.headers['service-worker'] === undefined ? files.get(path) : undefined
    if (!file) return refuse(response, 404, 'There is no such file.')
    return answer(response, 200, file.type, request.method === 'HEAD' ? undefined : file.content)
  }
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bottleneck Lab</title><p>${sentence}</p></html>\n`
  answer(response, status, HTML, page)
}

function answer(response: ServerResponse, status: number, type: string, body: Buffer | string | undefined): void {
  const caching = type === HTML ? 'no-store' : 'private, max-age=3600'
  response.writeHead(status, { ...securityHeaders, 'Content-Type': type, 'Cache-Control': caching })
  response.end(body)
}
