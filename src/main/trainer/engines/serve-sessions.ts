// The other end of remote-session.ts: opens sessions where it runs and passes calls on to them in the order in which they come.
import { createBirpc } from 'birpc'
import { LabError } from '@shared/errors'
import type { EngineSession, Images } from './engine'
import { lineOver, type RemoteCalls, type RemoteJob, type RemotePort } from './remote-session'

/** Answers what comes over the port; `others` are functions beside the sessions' own. */
export function serveSessions(
  openSession: (job: RemoteJob) => Promise<EngineSession>,
  port: RemotePort,
  others: object = {}
): void {
  const images = new Map<number, Images>()
  const sessions = new Map<number, EngineSession>()
  const stops = new Map<number, AbortController>()
  const sessionOf = (session: number) => found(sessions.get(session), 'The session is closed')
  const imagesOf = (set: number) => found(images.get(set), 'The images have not arrived')

  const calls: RemoteCalls = {
    addImages(set, added, forget) {
      images.set(set, added)
      if (forget !== undefined) images.delete(forget)
    },
    async open(session, job, train) {
      sessions.set(session, await openSession({ ...job, train: imagesOf(train) }))
    },
    async steps(session, call, order) {
      const opened = sessionOf(session)
      const stop = new AbortController()
      stops.set(call, stop)
      return opened.steps(order, stop.signal).finally(() => stops.delete(call))
    },
    stop: (call) => stops.get(call)?.abort(),
    forward: (session, set, indices, values) => sessionOf(session).forward(imagesOf(set), indices, values),
    save: (session) => sessionOf(session).save(),
    load: (session, states) => sessionOf(session).load(states),
    close(session) {
      const opened = sessionOf(session)
      sessions.delete(session)
      return opened.close()
    }
  }
  // An answer that can't be sent is answered with the reason instead.
  createBirpc<object, RemoteCalls, false>({ ...calls, ...others }, { ...lineOver(port), onGeneralError: () => true })
}

function found<Thing>(thing: Thing | undefined, problem: string): Thing {
  if (thing !== undefined) return thing
  throw new LabError('internal', problem)
}
