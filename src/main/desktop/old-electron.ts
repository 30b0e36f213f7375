// What older versions of Electron lack. Only continuous integration runs on such a one; a current Electron never loads this file.
import { BrowserView, clipboard, nativeImage, protocol, type NativeImage, type Protocol } from 'electron'
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

/** A PNG file's picture on the clipboard, which knew pictures alone then. */
export function writePicture(png: Uint8Array): void {
  const before = clipboard as unknown as { writeImage(picture: NativeImage): void }
  before.writeImage(nativeImage.createFromBuffer(Buffer.from(png)))
}
