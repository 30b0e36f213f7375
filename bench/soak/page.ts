// A page of the browser host without a browser, which is closed and opened again as one is reloaded.
import { once } from 'node:events'
import type { LabClient } from '../../src/shared/rpc'
import type { Opening } from '../../src/shared/session'
import { openPage as open, tokenOf } from '../../tests/fixtures/page'

export interface Page extends LabClient {
  /** What opens the page again after a reload. */
  session: Opening
  close(): Promise<void>
}

export const openLink = (link: string) => openPage(new URL(link).origin, { link: tokenOf(link) })

/** Opens a connection to the server at `origin`. Rejects if the server refuses it. */
export async function openPage(origin: string, opening: Opening): Promise<Page> {
  const { socket, session, lab } = await open(Number(new URL(origin).port), opening)
  return {
    ...lab,
    session: { session },
    async close() {
      socket.close()
      await once(socket, 'close')
    }
  }
}
