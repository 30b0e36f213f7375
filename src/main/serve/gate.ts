// Who may use the browser host: the right address, the right page, and the token of the link or the cookie it gave.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface Gate {
  /** The lasting secret of the printed link. */
  readonly token: string
  /** A token that opens once, soon, and ends those before it: for the browser started by the program, whose arguments other users of the machine can see. */
  issueTicket(): string
  /** True for the token and for the latest ticket, within a minute and not used before. */
  admits(token: string): boolean
  /** `Set-Cookie` for a browser that came by the link. */
  readonly cookie: string
  hasCookie(request: IncomingMessage): boolean
  /** True only for this server's own names: a page that was rebound to 127.0.0.1 by DNS sends its own. */
  isOwnHost(request: IncomingMessage): boolean
  /** True only if a page of this very host and port asks; `Origin` must be there. */
  isOwnOrigin(request: IncomingMessage): boolean
}

const TICKET_MILLISECONDS = 60_000 // a browser that is started by the program comes at once

const secret = () => randomBytes(32).toString('base64url')

/** The gate of the server on `port`. Secrets are new at every start. */
export function createGate(port: number): Gate {
  const token = secret()
  const session = secret()
  const ticket = { secret: '', endsAt: 0 }
  const cookieName = `bottleneck-lab-${port}` // cookies are shared by all ports of a host
  const suffix = port === 80 ? '' : `:${port}` // browsers leave out the default port
  const hosts = ['127.0.0.1', 'localhost'].map((name) => name + suffix)
  const isOwnHost = ({ headers }: IncomingMessage) => hosts.includes(headers.host ?? '')
  return {
    token,
    issueTicket() {
      ticket.secret = secret()
      ticket.endsAt = Date.now() + TICKET_MILLISECONDS
      return ticket.secret
    },
    admits(given) {
      const isTicket = Date.now() < ticket.endsAt && equal(ticket.secret, given)
      if (isTicket) ticket.endsAt = 0
      return isTicket || equal(token, given)
    },
    cookie: `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`,
    hasCookie: ({ headers }) =>
      (headers.cookie ?? '').split('; ').some((pair) => equal(`${cookieName}=${session}`, pair)),
    isOwnHost,
    isOwnOrigin: (request) => isOwnHost(request) && request.headers.origin === `http://${request.headers.host}`
  }
}

/** Compares in a time that does not depend on where the texts differ. */
function equal(secretText: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(secretText), digest(given))
}
