// Which trainer process the supervisor gives to a run.
import { expect, test, vi } from 'vitest'
import { LabError } from '../../../src/shared/errors'
import { createSupervisor } from '../../../src/main/lab/supervisor'
import type { SpawnTrainer, ChildExit } from '../../../src/main/lab/child-process'
import type { EndedRun, TrainerCommand, TrainerEvent, TrainJob } from '../../../src/main/trainer/messages'

/** Trainers that do at once what they are told; `commands` of each process in order. */
function open() {
  const commands: TrainerCommand['type'][][] = []
  let tellLast: (event: TrainerEvent) => void = () => undefined
  const spawn: SpawnTrainer = () => {
    const own: TrainerCommand['type'][] = []
    commands.push(own)
    let tell: (event: TrainerEvent) => void = () => undefined
    let leave: () => void = () => undefined
    return {
      pid: 1,
      send(command) {
        own.push(command.type)
        if (command.type === 'devices') tell({ type: 'devicesFound', request: command.request, devices: [] })
        if (command.type === 'train')
          tell({ type: 'ended', status: 'finished', quality: null, pcaMse: null, seconds: 1 })
        if (command.type === 'quit') leave()
      },
      onEvent(listener) {
        tell = tellLast = listener
        queueMicrotask(() => tell({ type: 'ready' }))
      },
      onExit: (listener) => (leave = () => listener({ code: 0, signal: null, stderr: '' })),
      kill: () => undefined
    }
  }
  const supervisor = createSupervisor({ spawn })
  const train = (device: string, threads?: number) =>
    supervisor.train({ device, ...(threads !== undefined && { threads }) } as TrainJob, () => undefined).ended
  return { ...supervisor, train, commands, tell: (event: TrainerEvent) => tellLast(event) }
}

test('TensorFlow gets a fresh process for another number of threads, since it keeps the first that it had', async () => {
  const { devices, train, commands, close } = open()
  await devices()
  await train('tensorflow-cpu')
  await train('tensorflow-cpu', 2)
  await train('tensorflow-cpu', 2)
  await train('tensorflow-cpu')
  await close()
  expect(commands).toEqual([
    ['devices', 'train', 'quit'],
    ['train', 'train', 'quit'],
    ['train', 'quit']
  ])
})

test('other engines take any number of threads in the process that is there', async () => {
  const { train, commands, close } = open()
  await train('cpu', 2)
  await train('cpu')
  await train('webgpu', 1)
  await close()
  expect(commands).toEqual([['train', 'train', 'train', 'quit']])
})

test.each<[string, number, number, string]>([
  ['before its last signs of life is another program’s', 1, 1, 'trainer-crashed'],
  ['after them is its own', 0, 1, 'out-of-memory']
])('a kill for want of memory %s', async (_, before, after, kind) => {
  let kills: number | null = 0
  let tell: (event: TrainerEvent) => void = () => undefined
  let leave: (exit: ChildExit) => void = () => undefined
  const spawn: SpawnTrainer = () => ({
    pid: 1,
    send: () => undefined,
    onEvent: (listener) => void (tell = listener),
    onExit: (listener) => void (leave = listener),
    kill: () => undefined
  })
  vi.useFakeTimers({ toFake: ['performance'] })
  const { devices } = createSupervisor({ spawn, oomKills: () => kills })
  const asked = devices()
  kills = before
  for (let second = 0; second < 3; second++) {
    vi.advanceTimersByTime(1000)
    tell({ type: 'alive' })
  }
  kills = after
  leave({ code: null, signal: 'SIGKILL', stderr: '' })
  vi.useRealTimers()
  await expect(asked).rejects.toMatchObject({ kind })
})

test('what is not wanted any more is given up at once, and a GPU that was lost costs the next work nothing', async () => {
  const { quality, devices, commands, close, tell } = open()
  const unwanted = new AbortController()
  const first = quality({} as EndedRun, unwanted.signal)
  await devices()
  unwanted.abort()
  await expect(first).rejects.toMatchObject({ kind: 'busy' })
  await devices()
  tell({ type: 'requestFailed', request: 1, error: new LabError('busy', 'Given up').data })
  const second = quality({} as EndedRun, new AbortController().signal)
  tell({ type: 'requestFailed', request: 4, error: new LabError('device-lost', 'The GPU is gone').data })
  await expect(second).rejects.toMatchObject({ kind: 'device-lost' })
  await devices()
  await close()
  expect(commands).toEqual([
    ['quality', 'devices', 'cancel', 'devices', 'quality', 'quit'],
    ['devices', 'quit']
  ])
})
