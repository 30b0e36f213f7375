// How a browser's page begins its connection: it shows the secret of its session, or the link that opens one; before that nothing is answered.
import * as v from 'valibot'

const SecretSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64))

/** The page's first message. */
export const OpeningSchema = v.union([
  v.strictObject({ link: SecretSchema }),
  v.strictObject({ session: SecretSchema })
])
export type Opening = v.InferOutput<typeof OpeningSchema>

/** The answer to it: the secret that opens the page's next connections. */
export const OpenedSchema = v.strictObject({ session: SecretSchema })
export type Opened = v.InferOutput<typeof OpenedSchema>

/** What the fragment of a link holds before its token. A fragment stays in the browser: no request and no Referer carries it. */
export const LINK_FRAGMENT = '#link='

/** Entries of the longest list that a page may send: twice as many as an experiment has values at most. */
export const LONGEST_LIST = 256

/** WebSocket's codes of a connection that the server ends. */
export const closeCodes = {
  /** Neither a link that opens nor a session that lasts. */
  refused: 4401,
  /** As many pages are connected as may be. */
  full: 4429
} as const
