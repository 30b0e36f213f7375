import { describe, expect, it } from 'vitest'
import type { DeviceInfo } from '@shared/contract'
import {
  changedTurnsOnly,
  devicesLabel,
  devicesToMeasure,
  moveSentence,
  moveSentences,
  placeLine,
  rankDevices,
  reasonOfBest
} from '@shared/devices'
import { LabError } from '@shared/errors'
import { deviceLabel } from '@shared/format'
import type { DevicePart } from '@shared/run'
import { fixtureDevice } from '../../fixtures/device'
import { fixtureRun } from '../../fixtures/run-file'

const device = (name: string, millisecondsPerStep: number | null, changes: Partial<DeviceInfo> = {}) =>
  fixtureDevice(name, { millisecondsPerStep, ...changes })
const names = (devices: DeviceInfo[]) => devices.map(({ name }) => name)

describe('ranking', () => {
  it('puts the fastest first, then those not measured in their order, none that can’t be used', () => {
    const devices = [
      device('a', null),
      device('b', 5),
      device('c', null),
      device('d', 2),
      device('e', 1, { usable: false })
    ]
    expect(names(rankDevices(devices))).toEqual(['d', 'b', 'a', 'c'])
  })

  it('leaves a program that plays a GPU to those who name it', () => {
    const player = device('player', 1, { software: true })
    expect(names(rankDevices([player, device('a', null)]))).toEqual(['a', 'player'])
    expect(devicesToMeasure([device('a', null), { ...player, millisecondsPerStep: null }])).toEqual([])
    expect(reasonOfBest([device('a', null), player])).toBe('the only usable device')
  })

  it('says why the best is the best', () => {
    const off = device('off', 1, { usable: false })
    expect(reasonOfBest([device('a', null), off])).toBe('the only usable device')
    expect(reasonOfBest([device('a', null), device('b', null)])).toBe(
      'first of the usable devices, none is measured yet'
    )
    expect(reasonOfBest([device('a', 4), device('b', null)])).toBe('the only one measured')
    expect(reasonOfBest([device('a', 4), device('b', 3), device('c', 9), off])).toBe('fastest of 3 measured')
  })

  it('measures nothing where there is no choice, nor what has failed', () => {
    expect(devicesToMeasure([device('a', null), device('b', null, { usable: false })])).toEqual([])
    const failed = device('c', null, { lastFailure: 'It failed.' })
    expect(names(devicesToMeasure([device('a', null), device('b', 3), failed]))).toEqual(['a'])
  })
})

it('two adapters have two names', () => {
  expect([deviceLabel('webgpu'), deviceLabel('webgpu:1'), deviceLabel('cuda:2')]).toEqual([
    'WebGPU',
    'WebGPU 2',
    'CUDA 3'
  ])
  expect([deviceLabel('cpu'), deviceLabel('CPU · 2 threads'), deviceLabel('odd:name')]).toEqual([
    'CPU',
    'CPU',
    'odd:name'
  ])
})

describe('the devices of a run', () => {
  const part = (name: string, firstEpoch: number, changes: Partial<DevicePart> = {}): DevicePart => ({
    engine: 'onnxruntime',
    device: name,
    title: deviceLabel(name),
    hardware: '',
    firstEpoch,
    why: 'fastest of 2 measured',
    error: null,
    ...changes
  })
  const lost = new LabError('device-unavailable', 'The device was lost', { remedy: 'Update the driver' }).data

  it('are told in order, a run without them by its last alone', () => {
    expect(devicesLabel(fixtureRun())).toBe('CPU')
    expect(moveSentence(fixtureRun())).toBeNull()
    expect(devicesLabel({ ...fixtureRun(), devices: [part('webgpu', 1), part('cpu', 4)] })).toBe('WebGPU, then CPU')
  })

  it('a move tells what failed, where it goes on, and what that means for the figures', () => {
    const devices = [part('webgpu', 1, { error: lost }), part('cpu', 4)]
    const file = { ...fixtureRun({ epochsDone: 3 }), devices }
    expect(moveSentence(file)).toBe(
      'WebGPU failed: The device was lost. Training went on after epoch 3 on CPU (onnxruntime cpu). ' +
        'From there the figures agree with those of the other device to rounding, not bit for bit.'
    )
    expect(placeLine(file)).toBe(moveSentence(file))
    expect(moveSentence({ ...file, devices: [part('webgpu', 1, { error: lost }), part('cpu', 1)] })).toMatch(
      /lost\. Training began again on CPU/
    )
    expect(moveSentence({ ...file, devices: [part('webgpu', 1), part('cpu', 4, { why: 'chosen by you' })] })).toMatch(
      /^Training went on after epoch 3 on CPU \(onnxruntime cpu\): chosen by you\. From there/
    )
  })

  it('turns of models are told with the place, and where they change', () => {
    const turns = { count: 3, memoryBudget: 1000 }
    const told = 'train in 3 turns, to keep within the memory budget of 1,000 MB'
    const file = { ...fixtureRun({ epochsDone: 3 }), devices: [part('cpu', 1, { turns })] }
    expect(placeLine(file)).toBe(`Training on CPU (onnxruntime cpu): fastest of 2 measured. Models ${told}`)
    const agree = 'From there the figures agree with those before to rounding, not bit for bit.'
    const changed = { ...file, devices: [part('cpu', 1, { turns }), part('cpu', 4)] }
    expect(moveSentence(changed)).toBe(`After epoch 3 training went on with all models at once. ${agree}`)
    expect(changedTurnsOnly(changed)).toBe(true)
    const both = { ...file, devices: [part('webgpu', 1, { error: lost }), part('cpu', 3), part('cpu', 4, { turns })] }
    expect(moveSentences(both)).toEqual([
      expect.stringMatching(/^WebGPU failed: The device was lost\. Training went on after epoch 2 on CPU/),
      `After epoch 3 training went on with models that ${told}. ${agree}`
    ])
    const moved = { ...file, devices: [part('webgpu', 1), part('cpu', 3, { turns, why: 'chosen by you' })] }
    expect(moveSentence(moved)).toContain(
      `on CPU (onnxruntime cpu): chosen by you, with models that ${told}. From there`
    )
    expect(changedTurnsOnly(moved)).toBe(false)
  })

  it('the place is told with its reason once the move lies behind', () => {
    const devices = [part('webgpu', 1, { error: lost }), part('cpu', 4)]
    expect(placeLine({ ...fixtureRun({ epochsDone: 5 }), devices })).toBe(
      'Training on CPU (onnxruntime cpu): fastest of 2 measured'
    )
  })
})
