// Asks the worker: one question at a time on each channel, of which a newer one takes the place of all that wait.
import { LabError } from '@shared/errors'
import type { TaskName, Tasks } from './messages'
import type { ModelPort } from './open-model-worker'

export interface ModelClient {
  /** Null where a newer question on the same channel has overtaken this one, or all were dropped. `onShare` hears what is done of long work. */
  ask<Name extends TaskName>(
    channel: string,
    name: Name,
    input: Tasks[Name]['input'],
    onShare?: (share: number) => void
  ): Promise<Tasks[Name]['result'] | null>
  /** Gives up what was asked on a channel: it is answered with null, also where the worker's answer is on its way. */
  drop(channel: string): void
}

interface Question {
  id: number
  name: TaskName
  input: Tasks[TaskName]['input']
  onShare: ((share: number) => void) | undefined
  resolve(result: unknown): void
  reject(error: Error): void
}

export function createModelClient({ post, onMessage }: ModelPort): ModelClient {
  const channels = new Map<string, { asked: Question; waiting: Question | null }>()
  const channelOf = new Map<number, string>()
  let last = 0

  onMessage((message) => {
    const { id } = message
    const name = channelOf.get(id)
    const channel = name === undefined ? undefined : channels.get(name)
    if (name === undefined || !channel) return
    if ('share' in message) return channel.asked.onShare?.(message.share)
    const { result, error } = message
    channelOf.delete(id)
    const { asked, waiting } = channel
    channels.delete(name)
    if (waiting) put(name, waiting)
    if (error === undefined) asked.resolve(result)
    else asked.reject(LabError.from(error))
  })

  function put(channel: string, question: Question): void {
    channels.set(channel, { asked: question, waiting: null })
    channelOf.set(question.id, channel)
    post({ type: 'task', id: question.id, name: question.name, input: question.input })
  }

  function drop(name: string): void {
    const channel = channels.get(name)
    if (!channel) return
    channel.waiting?.resolve(null)
    channel.waiting = null
    channel.asked.resolve(null)
    post({ type: 'cancel', id: channel.asked.id })
  }

  return {
    ask: (name, task, input, onShare) =>
      new Promise((resolve, reject) => {
        const question: Question = { id: ++last, name: task, input, onShare, resolve: resolve as never, reject }
        const channel = channels.get(name)
        if (!channel) return put(name, question)
        channel.waiting?.resolve(null)
        channel.waiting = question
        post({ type: 'cancel', id: channel.asked.id })
      }),
    drop
  }
}
