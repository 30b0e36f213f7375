// Which trainer process the supervisor gives to a run.
import { expect, test } from 'vitest'
import { createSupervisor } from '../../../src/main/lab/supervisor'
import type { SpawnTrainer } from '../../../src/main/lab/trainer-process'
import type { TrainerCommand, TrainerEvent, TrainJob } from '../../../src/main/trainer/messages'

/** Trainers that do at once what they are told; `commands` of each process in order. */
function open() {
  const commands: TrainerCommand['type'][][] = []
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
        tell = listener
        queueMicrotask(() => tell({ type: 'ready' }))
      },
      onExit: (listener) => (leave = () => listener({ code: 0, signal: null, stderr: '' })),
      kill: () => undefined
    }
  }
  const supervisor = createSupervisor({ spawn })
  const train = (device: string, threads?: number) =>
    supervisor.train({ device, ...(threads !== undefined && { threads }) } as TrainJob, () => undefined).ended
  return { ...supervisor, train, commands }
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
