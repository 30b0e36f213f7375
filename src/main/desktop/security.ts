// Electron's security baseline (SECURITY.md lists it rule by rule): what every page of this application is denied.
import {
  app,
  session,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  type WebContents,
  type WebPreferences
} from 'electron'
import { isAllowedRequest, isOwnPage } from './page-origin'

/** Preferences of every window. Chromium's own defaults are repeated so that a change of defaults changes nothing here. */
export function webPreferences(preload: string): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    spellcheck: false
  }
}

/** True unless the process was started with `--no-sandbox` (by root in a container, or by an AppImage without user namespaces). */
export function isSandboxed(): boolean {
  return !app.commandLine.hasSwitch('no-sandbox')
}

/** Sandboxes every renderer. To be called before the application is ready; a `--no-sandbox` given on purpose is respected. */
export function enableSandbox(): void {
  if (isSandboxed()) app.enableSandbox()
}

/** Denies permissions, devices and requests other than for the own page. To be called once the application is ready. */
export function restrictSession(origin: string): void {
  const page = session.defaultSession
  page.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  page.setPermissionCheckHandler(() => false)
  page.setDevicePermissionHandler(() => false)
  page.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isAllowedRequest(url, origin) }))
}

/** Keeps all present and future pages where they are: no navigation, no window, no guest page. */
export function restrictContents(origin: string): void {
  app.on('web-contents-created', (_event, contents) => restrictPage(contents, origin))
}

/** Keeps one page where it is. */
export function restrictPage(contents: WebContents, origin: string): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('will-navigate', (event, url) => keep(event, url, origin))
  contents.on('will-redirect', (event, url) => keep(event, url, origin))
  contents.on('will-frame-navigate', (event) => keep(event, event.url, origin))
}

function keep(event: { preventDefault(): void }, url: string, origin: string): void {
  if (!isOwnPage(url, origin)) event.preventDefault()
}

/** True when a message comes from the main frame of `contents` while that shows the application's own page. */
export function isTrustedSender(
  event: IpcMainEvent | IpcMainInvokeEvent,
  contents: WebContents,
  origin: string
): boolean {
  const frame = event.senderFrame
  return event.sender === contents && frame !== null && frame.parent === null && isOwnPage(frame.url, origin)
}
