import { expect, it } from 'vitest'
import { inspectorArguments } from '../../../src/main/system/inspector'

it('opens the named port of this machine alone', () => {
  expect(inspectorArguments({ BOTTLENECK_LAB_TRAINER_INSPECT: '5859' })).toEqual(['--inspect=127.0.0.1:5859'])
})

it.each([undefined, '', '0.0.0.0:5859', '--require=x'])('adds nothing for %j', (value) => {
  expect(inspectorArguments({ BOTTLENECK_LAB_TRAINER_INSPECT: value })).toEqual([])
})
