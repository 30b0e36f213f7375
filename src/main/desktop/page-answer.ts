// What the application's scheme answers: files by exact name, with the security headers, and nothing else.
import type { StaticFile } from '../serve/static-files'
import { securityHeaders } from '../system/content-security-policy'
import { isOwnPage, PAGE_ORIGIN } from './page-origin'

/** An answer of the scheme, whichever way Electron takes it. */
export interface PageAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** The file that `url` names exactly, or 404; no path is ever computed from it. */
export function answerPage(files: ReadonlyMap<string, StaticFile>, url: string, method: string): PageAnswer {
  const file = method === 'GET' && isOwnPage(url, PAGE_ORIGIN) ? files.get(new URL(url).pathname) : undefined
  return file === undefined
    ? { status: 404, headers: { ...securityHeaders, 'Content-Type': 'text/plain' }, body: Buffer.from('Not found') }
    : { status: 200, headers: { ...securityHeaders, 'Content-Type': file.type }, body: file.content }
}
