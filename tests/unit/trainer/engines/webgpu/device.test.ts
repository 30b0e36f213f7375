// What goes wrong on a GPU, in the laboratory's words. No driver fails on demand, so the GPU stands in here.
import { describe, expect, it } from 'vitest'
import { LabError } from '@shared/errors'
import { checkSizes, openDevice } from '../../../../../src/main/trainer/engines/webgpu/device'

class GPUOutOfMemoryError {
  message = 'no memory'
}

/** A GPU that never computes; `lose` is its driver going away, `fail` an error that no call reports. */
function standIn() {
  const events: { lose?: (info: object) => void } = {}
  const limits = { maxStorageBufferBindingSize: 128e6, maxBufferSize: 256e6 }
  const device = {
    limits,
    lost: new Promise((lose) => (events.lose = lose)),
    onuncapturederror: null as null | ((event: { error: unknown }) => void)
  }
  const gpu = { requestAdapter: async () => ({ limits, requestDevice: async () => device }) } as unknown as GPU
  return { gpu, device, lose: (message: string) => events.lose?.({ reason: 'unknown', message }) }
}

describe('openDevice', () => {
  it('says that there is no adapter', async () => {
    const none = { requestAdapter: async () => null } as unknown as GPU
    await expect(openDevice(none)).rejects.toMatchObject({ kind: 'device-unavailable' })
  })

  it('tells a lost device from the failure that it causes', async () => {
    const { gpu, lose } = standIn()
    const { guard } = await openDevice(gpu)
    const working = guard(() => Promise.reject(new Error('AbortError')))
    lose('driver was reset\nstack')
    await expect(working).rejects.toMatchObject({ kind: 'device-lost', message: expect.stringMatching(/was reset\)/) })
  })

  it('reports errors that no call reports, out of memory by its kind', async () => {
    const { gpu, device } = standIn()
    const { guard } = await openDevice(gpu)
    expect(await guard(async () => 1)).toBe(1)
    device.onuncapturederror?.({ error: new GPUOutOfMemoryError() })
    await expect(guard(async () => 1)).rejects.toMatchObject({ kind: 'out-of-memory' })
  })

  it('keeps the words of an error that has them', async () => {
    const { gpu } = standIn()
    const { guard } = await openDevice(gpu)
    const error = new LabError('not-supported', 'Too wide')
    await expect(guard(() => Promise.reject(error))).rejects.toBe(error)
  })
})

it('refuses a buffer beyond the limits with both figures', () => {
  const { device } = standIn()
  expect(() => checkSizes(device as unknown as GPUDevice, { small: 1, state: 200e6 })).toThrow(
    'The GPU can’t hold this experiment: found 200 MB needed in one piece, expected at most 128 MB.'
  )
})
