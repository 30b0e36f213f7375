// Which URLs are the application's own page, and which requests may leave it. Compared as parsed parts, never as prefixes.

export const SCHEME = 'app'
export const PAGE_ORIGIN = 'app://bottleneck-lab'
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`

/** Scheme and host of a URL, or null for what has none (`about:blank`, `data:`) or carries a user name or a port of its own scheme. */
function originOf(url: string): string | null {
  try {
    const { protocol, host, username, password } = new URL(url)
    return host === '' || username !== '' || password !== '' ? null : `${protocol}//${host}`
  } catch {
    return null
  }
}

/** True for a page of the application itself. `origin` is PAGE_ORIGIN, or the development server's. */
export function isOwnPage(url: string, origin: string): boolean {
  return originOf(url) === origin
}

/** True for the address of the page at `page` alone, wherever in it: another file of its origin is no page. */
export function isPage(url: string, page: string): boolean {
  try {
    const [given, own] = [new URL(url), new URL(page)]
    return isOwnPage(url, originOf(page) ?? '') && given.pathname === own.pathname
  } catch {
    return false
  }
}

/** True for a request that may be answered: the application's own files, blobs it made, inline images; nothing else. */
export function isAllowedRequest(url: string, origin: string): boolean {
  if (url.startsWith('data:image/')) return true
  if (url.startsWith('blob:')) return isOwnPage(url.slice('blob:'.length), origin)
  return isOwnPage(url, origin) || originOf(url) === 'devtools://devtools' || isDevelopmentSocket(url, origin)
}

/** The development server's page hears of changes over a WebSocket of the same host. */
function isDevelopmentSocket(url: string, origin: string): boolean {
  return origin.startsWith('http://') && originOf(url) === origin.replace('http://', 'ws://')
}

/** Where the page comes from: the development server only in an unpackaged application that electron-vite started. */
export function pageUrl(packaged: boolean, developmentUrl: string | undefined): { url: string; origin: string } {
  const origin = packaged || developmentUrl === undefined ? null : originOf(developmentUrl)
  return origin === null || developmentUrl === undefined
    ? { url: PAGE_URL, origin: PAGE_ORIGIN }
    : { url: developmentUrl, origin }
}
