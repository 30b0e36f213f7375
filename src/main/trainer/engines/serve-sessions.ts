// The other end of remote-session.ts: opens sessions where it runs and passes calls on to them in the order in which they come.
import { createBirpc } from 'birpc'
import type { EngineSession, Images } from './engine'
import { lineOver, type RemoteCalls, type RemoteJob, type RemotePort } from './remote-session'

/** Answers what comes over the port; `others` are functions beside the sessions' own. */
export function serveSessions(
  openSession: (job: RemoteJob) => Promise<EngineSession>,
  port: RemotePort,
  others: object = {}
): void {
  const sessions = new Map<number, { images: Map<number, Images>; opened?: EngineSession }>()
  const stops = new Map<number, AbortController>()
  const sessionOf = (session: number) => sessions.get(session)?.opened as EngineSession
  const imagesOf = (session: number, set: number) => sessions.get(session)?.images.get(set) as Images

  const calls: RemoteCalls = {
    addImages(session, set, images, forget) {
      if (!sessions.has(session)) sessions.set(session, { images: new Map() })
      const own = sessions.get(session)?.images
      own?.set(set, images)
      if (forget !== undefined) own?.delete(forget)
    },
    async open(session, job, train) {
      const images = sessions.get(session)?.images ?? new Map<number, Images>()
      try {
        const opened = await openSession({ ...job, train: imagesOf(session, train) })
        sessions.set(session, { images, opened })
      } catch (thrown) {
        sessions.delete(session)
        throw thrown
      }
    },
    async steps(session, call, order) {
      const stop = new AbortController()
      stops.set(call, stop)
      return sessionOf(session)
        .steps(order, stop.signal)
        .finally(() => stops.delete(call))
    },
    stop: (call) => stops.get(call)?.abort(),
    forward: (session, set, indices, values) => sessionOf(session).forward(imagesOf(session, set), indices, values),
    save: (session) => sessionOf(session).save(),
    load: (session, states) => sessionOf(session).load(states),
    close(session) {
      const opened = sessionOf(session)
      sessions.delete(session)
      return opened.close()
    }
  }
  createBirpc<object, RemoteCalls, false>({ ...calls, ...others }, lineOver(port))
}
