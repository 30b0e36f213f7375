// The page's end of the port: sessions of the engine for a trainer in another process.
import { toLabErrorData } from '@shared/errors'
import type { EngineSession, Images } from '../../engine'
import { openGpuSession } from '../session'
import type { AdapterAnswer, Answer, Request } from './messages'

declare const navigator: { userAgent: string }

interface Opened {
  images: Map<number, Images>
  session?: EngineSession
}

/** Answers requests with `post`. Calls of a session are passed on in the order in which they come. */
export function createServer(gpu: GPU | undefined, post: (answer: Answer) => void): (request: Request) => void {
  const sessions = new Map<number, Opened>()
  const stops = new Map<number, AbortController>()

  function openedOf(number: number): Opened {
    const opened = sessions.get(number) ?? { images: new Map<number, Images>() }
    sessions.set(number, opened)
    return opened
  }

  async function answer(request: Request): Promise<unknown> {
    const opened = openedOf(request.session)
    const { images } = opened
    const session = opened.session as EngineSession
    switch (request.name) {
      case 'adapter':
        return describeAdapter(gpu)
      case 'images': {
        const [set, added, forget] = request.args
        images.set(set, added)
        return forget !== undefined && images.delete(forget)
      }
      case 'open': {
        const [models, train] = request.args
        opened.session = await openGpuSession(gpu as GPU, { models, train: images.get(train) as Images })
        return null
      }
      case 'steps': {
        const stop = new AbortController()
        stops.set(request.call, stop)
        return session.steps(...request.args, stop.signal).finally(() => stops.delete(request.call))
      }
      case 'forward': {
        const [set, ...others] = request.args
        return session.forward(images.get(set) as Images, ...others)
      }
      case 'save':
        return session.save()
      case 'load':
        return session.load(...request.args)
      case 'close':
        sessions.delete(request.session)
        return session.close()
      case 'stop':
        return stops.get(request.args[0])?.abort()
    }
  }

  return (request) => {
    const { call } = request
    answer(request).then(
      (result) => post({ call, result }),
      (thrown: unknown) => post({ call, error: toLabErrorData(thrown) })
    )
  }
}

async function describeAdapter(gpu: GPU | undefined): Promise<AdapterAnswer> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) return null
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info
  const name = description || device || [vendor, architecture].filter(Boolean).join(' ')
  const chromium = /Chrome\/([\d.]+)/.exec(navigator.userAgent)?.[1] ?? ''
  return { name, software: isFallbackAdapter || /swiftshader/i.test(architecture), chromium }
}
