// What Electron before 25 lacks. Only continuous integration runs on such a one; a current Electron never loads this file.
import { BrowserView, protocol, type Protocol } from 'electron'
import type { PageAnswer } from './page-answer'

/** `protocol.handle` by the means that Electron had then. */
export function handleScheme(
  scheme: string,
  answer: (url: string, method: string) => PageAnswer,
  of: Protocol = protocol
): void {
  of.registerBufferProtocol(scheme, ({ url, method }, respond) => {
    const { status, headers, body } = answer(url, method)
    respond({ statusCode: status, headers, mimeType: headers['Content-Type']?.split(';')[0] ?? '', data: body })
  })
}

/** Contents without a window, before there was WebContentsView. */
export const HiddenView = BrowserView
