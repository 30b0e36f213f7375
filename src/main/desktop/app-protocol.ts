// The application's own scheme: serves the built interface from memory by exact path, with the security headers.
import { protocol } from 'electron'
import { readStaticFiles } from '../serve/static-files'
import { answerPage } from './page-answer'
import { SCHEME } from './page-origin'

/** Makes `app://` a secure origin of its own. To be called before the application is ready. */
export function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }])
}

/** Serves the files below `folder`. To be called once the application is ready. */
export async function servePage(folder: string): Promise<void> {
  const files = await readStaticFiles(folder)
  const answer = (url: string, method: string) => answerPage(files, url, method)
  // `protocol.handle` came with Electron 25; continuous integration has an older one.
  const current = 'handle' in protocol
  if (!current) return (await import('./old-electron')).handleScheme(SCHEME, answer)
  protocol.handle(SCHEME, (request) => {
    const { status, headers, body } = answer(request.url, request.method)
    return new Response(new Uint8Array(body), { status, headers })
  })
}
