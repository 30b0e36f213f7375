// The secret of this page in a browser: the link's token until it has opened a session, then the session's. A reload keeps it, no other page
// has it, and no request carries it.
import { LabError } from '@shared/errors'
import { closeCodes, LINK_FRAGMENT, type Opened, type Opening } from '@shared/session'

export interface PageSession {
  /** What opens the connection: a link that came with the page's address, from which it is taken, else the session. Throws LabError `no-session` where this page has neither, or may keep none. */
  opening(): Opening
  /** Throws as `opening`. */
  keep(opened: Opened): void
  /** Why the lab ended the connection before it had begun; a secret that opens nothing is forgotten. */
  refusalOf(code: number, shown: Opening): Error
}

const SESSION = 'bottleneck-lab-session'
/** Kept beside the session: it may turn out to be used up, and the session still lasts then. */
const LINK = 'bottleneck-lab-link'

export function createPageSession(): PageSession {
  let refusal: LabError | null = null

  function takeLink(): void {
    if (!location.hash.startsWith(LINK_FRAGMENT)) return
    storage().setItem(LINK, location.hash.slice(LINK_FRAGMENT.length))
    history.replaceState(null, '', location.pathname)
  }

  return {
    opening() {
      takeLink()
      const [link, session] = [storage().getItem(LINK), storage().getItem(SESSION)]
      if (link !== null) return { link }
      if (session !== null) return { session }
      throw refusal ?? noSession('This page was opened without its link')
    },
    keep({ session }) {
      storage().setItem(SESSION, session)
      storage().removeItem(LINK)
    },
    refusalOf(code, shown) {
      if (code === closeCodes.full) {
        return new LabError('busy', 'Too many pages are connected to the lab', { remedy: 'Close one of them' })
      }
      if (code !== closeCodes.refused) return new Error('The lab does not answer')
      const isLink = 'link' in shown
      storage().removeItem(isLink ? LINK : SESSION)
      if (isLink && storage().getItem(SESSION) !== null) return new Error('The session opens the next connection')
      refusal = noSession(isLink ? 'This link has been used before, or is too old' : 'The lab has been started anew')
      return refusal
    }
  }
}

/** A browser may forbid it, as with cookies. */
function storage(): Storage {
  try {
    return sessionStorage
  } catch {
    throw new LabError('no-session', 'This page can’t keep its session', {
      found: 'a browser that forbids this page to store data',
      remedy: 'Allow it to store data (cookies and site data) for this address, then load the page again'
    })
  }
}

function noSession(problem: string): LabError {
  return new LabError('no-session', problem, {
    remedy:
      'Open the last link in the terminal where the lab runs: each link opens one tab, and a new one is printed when it is used'
  })
}
