import { expect, it } from 'vitest'
import { trainerEnvironment as ofScripts } from '../../../scripts/trainer-environment.mjs'
import { trainerEnvironment } from '../../../src/main/system/trainer-environment'

it('has a trainer give large pieces of memory back, unless the user has chosen', () => {
  expect(trainerEnvironment({ PATH: '/bin' })).toMatchObject({ PATH: '/bin', MALLOC_MMAP_THRESHOLD_: '1048576' })
  expect(trainerEnvironment({ MALLOC_MMAP_THRESHOLD_: '1' }).MALLOC_MMAP_THRESHOLD_).toBe('1')
})

it('has what programs have that train in their own process', () => {
  expect(trainerEnvironment({})).toMatchObject(ofScripts as object)
})
