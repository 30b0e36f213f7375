import { describe, expect, it } from 'vitest'
import type { DeviceInfo } from '@shared/contract'
import {
  deviceLine,
  devicesLabel,
  devicesToMeasure,
  moveSentence,
  moveSentences,
  presentDevice,
  rankDevices,
  reasonOfBest
} from '@shared/devices'
import { LabError } from '@shared/errors'
import { deviceLabel } from '@shared/format'
import type { TrainingSegment } from '@shared/run'
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

  it('leaves a software adapter to those who name it', () => {
    const software = device('software', 1, { software: true })
    expect(names(rankDevices([software, device('a', null)]))).toEqual(['a', 'software'])
    expect(devicesToMeasure([device('a', null), { ...software, millisecondsPerStep: null }])).toEqual([])
    expect(reasonOfBest([device('a', null), software])).toBe('the only usable device')
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

it('names devices for people, those of older versions without the engine that is gone', () => {
  const labels = ['cpu', 'webgpu', 'webgpu:SwiftShader', 'tensorflow-cuda', 'CPU · 2 threads', 'odd:name'].map(
    deviceLabel
  )
  expect(labels).toEqual(['CPU', 'WebGPU', 'WebGPU', 'TensorFlow CUDA', 'CPU', 'odd'])
  const older = ['onnxruntime cpu', 'onnxruntime cuda', 'onnxruntime dml', 'onnxruntime webgpu:1', 'tensorflow cpu']
  expect(older.map(deviceLabel)).toEqual(['CPU', 'CUDA', 'DirectML', 'WebGPU', 'TensorFlow CPU'])
})

it('finds the device of this version that an older one meant', () => {
  const older = ['onnxruntime cpu', 'onnxruntime webgpu:1', 'tensorflow cuda', 'onnxruntime cuda', 'onnxruntime dml']
  expect(older.map(presentDevice)).toEqual(['cpu', 'webgpu', 'tensorflow-cuda', null, null])
  expect(presentDevice('webgpu:NVIDIA GeForce RTX 4060')).toBe('webgpu:NVIDIA GeForce RTX 4060')
})

describe('the devices of a run', () => {
  const on = (name: string, firstEpoch: number, changes: Partial<TrainingSegment> = {}): TrainingSegment => ({
    device: name,
    title: deviceLabel(name),
    hardware: '',
    firstEpoch,
    why: 'fastest of 2 measured',
    error: null,
    ...changes
  })
  const lost = new LabError('device-unavailable', 'The device was lost', { remedy: 'Update the driver' }).data

  it('are named in order', () => {
    expect(devicesLabel(fixtureRun())).toBe('CPU')
    expect(moveSentence(fixtureRun())).toBeNull()
    expect(devicesLabel({ ...fixtureRun(), segments: [on('webgpu', 1), on('cpu', 4)] })).toBe('WebGPU, then CPU')
  })

  it('a move says what failed, where it goes on, and what that means for the figures', () => {
    const segments = [on('webgpu', 1, { error: lost }), on('cpu', 4)]
    const file = { ...fixtureRun({ epochsDone: 3 }), segments }
    expect(moveSentence(file)).toBe(
      'WebGPU failed: The device was lost. Training went on after epoch 3 on CPU (cpu). ' +
        'From there the figures agree with those of the other device to rounding, not bit for bit.'
    )
    expect(deviceLine(file)).toBe(moveSentence(file))
    expect(moveSentence({ ...file, segments: [on('webgpu', 1, { error: lost }), on('cpu', 1)] })).toMatch(
      /lost\. Training began again on CPU/
    )
    expect(moveSentence({ ...file, segments: [on('webgpu', 1), on('cpu', 4, { why: 'chosen by you' })] })).toMatch(
      /^Training went on after epoch 3 on CPU \(cpu\): chosen by you\. From there/
    )
  })

  it('every change has a sentence of its own, in order', () => {
    const segments = [on('webgpu', 1, { error: lost }), on('cpu', 3), on('webgpu', 4, { why: 'chosen by you' })]
    expect(moveSentences({ segments })).toEqual([
      expect.stringMatching(/^WebGPU failed: The device was lost\. Training went on after epoch 2 on CPU/),
      expect.stringMatching(/^Training went on after epoch 3 on WebGPU \(webgpu\): chosen by you\. From there/)
    ])
  })

  it('the device is named with its reason once the move lies behind', () => {
    const segments = [on('webgpu', 1, { error: lost }), on('cpu', 4)]
    expect(deviceLine({ ...fixtureRun({ epochsDone: 5 }), segments })).toBe(
      'Training on CPU (cpu): fastest of 2 measured'
    )
  })
})
