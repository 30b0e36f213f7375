import { expect, it } from 'vitest'
import { fileName } from '../../../src/renderer/actions'
import { commandOfKey } from '../../../src/renderer/commands'

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held
})
const field = { closest: () => ({}) as Element }

it('knows a command by Ctrl, on macOS by ⌘', () => {
  expect(commandOfKey(press('E', { ctrlKey: true }), null, false)).toBe('export-report')
  expect(commandOfKey(press('e', { ctrlKey: true }), null, true)).toBeNull()
  expect(commandOfKey(press('e', { metaKey: true }), null, true)).toBe('export-report')
  expect(commandOfKey(press('e', { ctrlKey: true, altKey: true }), null, false)).toBeNull()
  expect(commandOfKey(press('e'), null, false)).toBeNull()
})

it('leaves plain keys to a field that has the focus, but not those with Ctrl', () => {
  expect(commandOfKey(press('?'), null, false)).toBe('shortcuts')
  expect(commandOfKey(press('?'), field, false)).toBeNull()
  expect(commandOfKey(press('Enter', { ctrlKey: true }), field, false)).toBe('start')
})

it('names a file so that every system takes it', () => {
  expect(fileName('Learning rate 0.005: a/b?')).toBe('Learning rate 0.005 a b')
  expect(fileName('../..')).toBe('report')
  expect(fileName('Größe, 2')).toBe('Größe, 2')
})
