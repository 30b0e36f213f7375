import { expect, it } from 'vitest'
import { fileName } from '../../../src/renderer/actions'
import { commandOfKey } from '../../../src/renderer/commands'
import { keysOf, obeyedShortcuts, shownShortcuts } from '../../../src/renderer/shortcuts'

const press = (key: string, held: Partial<Record<'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held
})
const desktop = { isMac: false, isBrowser: false }
const mac = { isMac: true, isBrowser: false }
const browser = { isMac: false, isBrowser: true }
const field = { closest: () => ({}) as Element }

it('knows a command by Ctrl, on macOS by ⌘', () => {
  expect(commandOfKey(press('E', { ctrlKey: true }), null, desktop)).toBe('export-report')
  expect(commandOfKey(press('e', { ctrlKey: true }), null, mac)).toBeNull()
  expect(commandOfKey(press('e', { metaKey: true }), null, mac)).toBe('export-report')
  expect(commandOfKey(press('e', { ctrlKey: true, altKey: true }), null, desktop)).toBeNull()
  expect(commandOfKey(press('e'), null, desktop)).toBeNull()
})

it('leaves plain keys to a field that has the focus, but not those with Ctrl', () => {
  expect(commandOfKey(press('?'), null, desktop)).toBe('shortcuts')
  expect(commandOfKey(press('?'), field, desktop)).toBeNull()
  expect(commandOfKey(press('Enter', { ctrlKey: true }), field, desktop)).toBe('start')
})

it('leaves what Shift makes of a key to others, but for the question mark', () => {
  for (const key of ['B', 'N']) {
    expect(commandOfKey(press(key, { ctrlKey: true, shiftKey: true }), null, desktop)).toBeNull()
  }
  expect(commandOfKey(press('F2', { shiftKey: true }), null, desktop)).toBeNull()
  expect(commandOfKey(press('?', { shiftKey: true }), null, desktop)).toBe('shortcuts')
})

it('offers a plain N where a browser has Ctrl+N for itself', () => {
  expect(commandOfKey(press('n'), null, browser)).toBe('new-experiment')
  expect(commandOfKey(press('n'), field, browser)).toBeNull()
  expect(commandOfKey(press('n'), null, desktop)).toBeNull()
  expect(keysOf('new-experiment', browser)).toEqual({ written: 'N', aria: 'N' })
  expect(keysOf('new-experiment', desktop)).toEqual({ written: 'Ctrl N', aria: 'Control+N' })
  expect(keysOf('new-experiment', mac)).toEqual({ written: '⌘ N', aria: 'Meta+N' })
})

it.each([desktop, browser])('obeys every command that the list shows, each key once: %o', (keyboard) => {
  for (const { key, command, withControl } of shownShortcuts(keyboard)) {
    if (key) expect(commandOfKey(press(key, { ctrlKey: withControl ?? false }), null, keyboard)).toBe(command)
  }
  const keys = obeyedShortcuts(keyboard).flatMap(({ key, withControl }) => (key ? [`${withControl} ${key}`] : []))
  expect(new Set(keys).size).toBe(keys.length)
})

it('names a file so that every system takes it', () => {
  expect(fileName('Learning rate 0.005: a/b?')).toBe('Learning rate 0.005 a b')
  expect(fileName('../..')).toBe('report')
  expect(fileName('Größe, 2')).toBe('Größe, 2')
})
