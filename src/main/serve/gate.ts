// Who may use the browser host: the right address, the right page, and a secret that this page alone holds. No cookie: browsers send
// those to every port of a host, another user's server among them.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Opening } from '@shared/session'

export interface LinkOptions {
  /** Milliseconds for which the link opens; default: until it is used. */
  lifetime?: number
  /** Called when it has opened a session. */
  onUsed?(): void
}

export interface Gate {
  /** A token that opens one session. */
  issueLink(options?: LinkOptions): string
  /**
   * The secret of the session that a page may have, a new one for a link; null where it may have none. The page counts as connected until
   * `leave` is called with that secret. Of more than `MOST_SESSIONS` the one is forgotten that was used longest ago and has no page.
   */
  open(opening: Opening): string | null
  leave(session: string): void
  /** True only for this server's own names: a page that was rebound to 127.0.0.1 by DNS sends its own. */
  isOwnHost(request: IncomingMessage): boolean
  /** True only if a page of this very host and port asks; `Origin` must be there. */
  isOwnOrigin(request: IncomingMessage): boolean
}

interface Link extends LinkOptions {
  digest: Buffer
  endsAt: number
}

interface Session {
  digest: Buffer
  pages: number
}

// A link for each new tab: nobody comes back to the first of so many.
const MOST_SESSIONS = 256

/** The gate of the server on `port`. Secrets are new at every start. */
export function createGate(port: number): Gate {
  const links = new Set<Link>()
  const sessions: Session[] = [] // the one used last is the last
  const suffix = port === 80 ? '' : `:${port}` // browsers leave out the default port
  const hosts = ['127.0.0.1', 'localhost'].map((name) => name + suffix)
  const isOwnHost = ({ headers }: IncomingMessage) => hosts.includes(headers.host ?? '')

  function useLink(token: string): string | null {
    const digest = digestOf(token)
    const link = [...links].find((one) => timingSafeEqual(one.digest, digest))
    if (!link) return null
    links.delete(link)
    if (performance.now() >= link.endsAt) return null
    const given = secret()
    sessions.push({ digest: digestOf(given), pages: 1 })
    if (sessions.length > MOST_SESSIONS) forgetOne()
    link.onUsed?.()
    return given
  }

  function useSession(given: string): string | null {
    const session = find(given)
    if (!session) return null
    session.pages += 1
    sessions.push(...sessions.splice(sessions.indexOf(session), 1))
    return given
  }

  function find(given: string): Session | undefined {
    const digest = digestOf(given)
    return sessions.find((one) => timingSafeEqual(one.digest, digest))
  }

  function forgetOne(): void {
    const index = sessions.findIndex(({ pages }) => pages === 0)
    if (index >= 0) sessions.splice(index, 1)
  }

  return {
    issueLink(options = {}) {
      const token = secret()
      links.add({ ...options, digest: digestOf(token), endsAt: performance.now() + (options.lifetime ?? Infinity) })
      return token
    },
    open: (opening) => ('link' in opening ? useLink(opening.link) : useSession(opening.session)),
    leave(given) {
      const session = find(given)
      if (session) session.pages -= 1
    },
    isOwnHost,
    isOwnOrigin: (request) => isOwnHost(request) && request.headers.origin === `http://${request.headers.host}`
  }
}

const secret = () => randomBytes(32).toString('base64url')

/** What is kept and compared: how long the comparison of two digests takes says nothing of the texts. */
const digestOf = (text: string) => createHash('sha256').update(text).digest()
