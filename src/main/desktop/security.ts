// Electron's security baseline (SECURITY.md lists it rule by rule): what every page of this application is denied.
import {
  app,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  type Session,
  type WebContents,
  type WebPreferences
} from 'electron'
import type { Log } from '../system/log'
import { isOwnPage, isPage, PAGE_URL } from './page-origin'

const ABORTED = -3 // another navigation took its place

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
    navigateOnDragDrop: false,
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

/**
 * Chromium finds no host, not even by its address: connections that pass no request filter (WebRTC over TCP, names looked up ahead) end
 * here. The development server must be found. To be called before the application is ready.
 */
export function cutNetwork(page: string): void {
  if (page === PAGE_URL) app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
}

/** Denies a session permissions, devices, downloads and the requests that `isAllowed` does not take. */
export function restrictSession(of: Session, isAllowed: (url: string) => boolean): void {
  of.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  of.setPermissionCheckHandler(() => false)
  of.setDevicePermissionHandler(() => false)
  of.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isAllowed(url) }))
  of.on('will-download', (event) => event.preventDefault())
}

/** Keeps all present and future contents at `page`: no other page, no window, no guest. */
export function restrictContents(page: string): void {
  app.on('web-contents-created', (_event, contents) => restrictPage(contents, page))
}

/** Keeps one of them there, and from speaking WebRTC over UDP. */
export function restrictPage(contents: WebContents, page: string): void {
  const keep = (event: { preventDefault(): void }, url: string) => {
    if (!isPage(url, page)) event.preventDefault()
  }
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('will-navigate', keep)
  contents.on('will-redirect', keep)
  contents.on('will-frame-navigate', (event) => keep(event, event.url))
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}

/** Electron asks nobody about `about:blank` and tells of no page that fails before it begins: from there the page is loaded again. */
export function returnToPage(contents: WebContents, page: string, log: Log): void {
  const comeBack = (url: string) => {
    if (isPage(url, page) || contents.isDestroyed()) return
    log.warn('The window had left its page and loads it again')
    contents.loadURL(page).catch((error: unknown) => log.error('The page could not be loaded', error))
  }
  contents.on('did-navigate', (_event, url) => comeBack(url))
  contents.on('did-fail-load', (_event, code, _description, url, isMainFrame) => {
    if (isMainFrame && code !== ABORTED) comeBack(url)
  })
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
