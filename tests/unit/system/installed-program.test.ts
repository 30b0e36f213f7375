import { expect, test } from 'vitest'
import { installedProgram } from '../../../src/main/system/installed-program'

const versions = { ...process.versions, electron: '45.0.0' }

test('an installed application is its own program, in a clone there is none', () => {
  expect(installedProgram({ versions, execPath: '/opt/Bottleneck Lab/bottleneck-lab' })).toBe('bottleneck-lab')
  expect(installedProgram({ versions, execPath: '/Applications/Bottleneck Lab' })).toBe('"Bottleneck Lab"')
  expect(installedProgram({ versions, execPath: '/clone/electron', defaultApp: true })).toBeNull()
  expect(installedProgram({ versions: process.versions, execPath: '/usr/bin/node' })).toBeNull()
})
