import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { commandIds, commands, keysElsewhere, type CommandId } from '@shared/commands'
import { useCommands } from '../../../src/renderer/commands'
import { fileName } from '../../../src/renderer/file-name'
import { fit } from '../../../src/renderer/fuzzy'
import { capsShown, commandOfKey, keysOf, partsOf, shownKeys, type Key } from '../../../src/renderer/shortcuts'
import { useCursorStore } from '../../../src/renderer/stores/cursor-store'
import { useRunStore } from '../../../src/renderer/stores/run-store'
import { useScreenStore } from '../../../src/renderer/stores/screen-store'
import { runView } from './run-view'

const press = (key: string, held: Partial<Key> = {}): Key => ({
  key,
  code: '',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held
})
const desktop = { isMac: false, isBrowser: false }
const mac = { isMac: true, isBrowser: false }
const browser = { isMac: false, isBrowser: true }
const macBrowser = { isMac: true, isBrowser: true }
const platforms = [desktop, mac, browser, macBrowser]
/** An element that lies inside whatever `inside` names; knows selectors as shortcuts.ts writes them. */
const target = (inside: string) => ({
  closest: (selectors: string) => (selectors.split(', ').includes(inside) ? ({} as Element) : null)
})
const field = target('input:not([data-scrubber])')
const idOf = (key: Key, at: Pick<Element, 'closest'> | null = null, keyboard = desktop) =>
  commandOfKey(key, at, keyboard)?.id ?? null

/** The key press that the table writes as `keys`. */
function pressOf(keys: string, isMac: boolean): Key {
  const parts = partsOf(keys)
  const last = parts[parts.length - 1] ?? ''
  return press(last === 'Space' ? ' ' : last, {
    code: /^\d$/.test(last) ? `Digit${last}` : '',
    shiftKey: parts.includes('Shift'),
    altKey: parts.includes('Alt'),
    [isMac ? 'metaKey' : 'ctrlKey']: parts.includes('Mod')
  })
}

describe('the registry of commands', () => {
  it('has words for every command, no words twice', () => {
    const words = [...commandIds.map((id) => commands[id].does), ...keysElsewhere.map(({ does }) => does)]
    for (const one of words) expect(one).toMatch(/^[A-Z].+[^.]$/)
    expect(new Set(words).size).toBe(words.length)
  })

  it.each(platforms)('gives no key twice, and obeys every key that it shows: %o', (keyboard) => {
    const keys = commandIds.flatMap((id) =>
      shownKeys(commands[id], keyboard).map((key, index) => ({ id, key, member: commands[id].isFamily ? index : 0 }))
    )
    expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length)
    for (const { id, key, member } of keys)
      expect(commandOfKey(pressOf(key, keyboard.isMac), null, keyboard)).toMatchObject({ id, member })
  })

  it('gives each command that has no key a place in the menu', () => {
    for (const id of commandIds) if (!commands[id].keys) expect(commands[id].menu, id).toBeDefined()
  })
})

describe('keys', () => {
  it('knows a command by Ctrl, on macOS by ⌘', () => {
    expect(idOf(press('E', { ctrlKey: true }))).toBe('export-report')
    expect(idOf(press('e', { ctrlKey: true }), null, mac)).toBeNull()
    expect(idOf(press('e', { metaKey: true }), null, mac)).toBe('export-report')
    expect(idOf(press('e', { ctrlKey: true, altKey: true }))).toBeNull()
    expect(idOf(press('e'))).toBeNull()
  })

  it('leaves plain keys to a field that has the focus, but not those with Ctrl', () => {
    expect([idOf(press('?')), idOf(press('?'), field)]).toEqual(['shortcuts', null])
    expect(idOf(press('Enter', { ctrlKey: true }), field)).toBe('start')
    expect([idOf(press('l'), target('textarea')), idOf(press('l'), target('input'))]).toEqual([null, 'last-epoch'])
  })

  it('leaves arrows to groups that use them, Space to buttons, and every key to dialogs and menus', () => {
    expect(idOf(press('ArrowRight'), target('[role="toolbar"]'))).toBeNull()
    expect(idOf(press('Home'), target('[role="tablist"]'))).toBeNull()
    expect([idOf(press(' '), target('button')), idOf(press('l'), target('button'))]).toEqual([null, 'last-epoch'])
    for (const inside of ['dialog', '[role="menu"]'])
      expect(idOf(press('k', { ctrlKey: true }), target(inside))).toBeNull()
  })

  it('leaves what Shift makes of a key to others, but for what some keyboards have on it', () => {
    for (const key of ['B', 'N']) expect(idOf(press(key, { ctrlKey: true, shiftKey: true }))).toBeNull()
    expect(idOf(press('F2', { shiftKey: true }))).toBeNull()
    expect(idOf(press('?', { shiftKey: true }))).toBe('shortcuts')
    expect(commandOfKey(press('3', { shiftKey: true }), null, desktop)).toMatchObject({ id: 'digit', member: 2 })
  })

  it('keeps out of the way of a browser: a plain N, and Alt for tabs', () => {
    expect([idOf(press('n'), null, browser), idOf(press('n'))]).toEqual(['new-experiment', null])
    expect(idOf(press('n', { ctrlKey: true }), null, browser)).toBe('new-experiment') // one that hands it over
    const [digit, alt] = [press('1', { ctrlKey: true, code: 'Digit1' }), press('¡', { altKey: true, code: 'Digit1' })]
    expect([idOf(digit), idOf(digit, null, browser)]).toEqual(['tab', null])
    expect([idOf(alt, null, macBrowser), idOf(alt)]).toEqual(['tab', null])
    expect(keysOf('new-experiment', browser)).toEqual({ written: 'N', aria: 'N' })
    expect(keysOf('new-experiment', desktop)).toEqual({ written: 'Ctrl N', aria: 'Control+N' })
    expect(keysOf('new-experiment', mac)).toEqual({ written: '⌘ N', aria: 'Meta+N' })
    expect([desktop, macBrowser].map((one) => capsShown(commands.tab, one))).toEqual([
      ['Ctrl', '1', '…', '9'],
      ['⌥', '1', '…', '9']
    ])
  })
})

describe('what may be given', () => {
  beforeEach(() => setActivePinia(createPinia()))
  const open = (epochs: number, more: Parameters<typeof runView>[1] = {}) => {
    useRunStore().id = 'one'
    useRunStore().view = runView(epochs, more)
    useScreenStore().screen = 'run'
    return useCommands()
  }
  const offered = (given: ReturnType<typeof useCommands>) => given.offered().map(({ id }) => id)

  it('follows the state of the run on the screen', () => {
    expect(offered(open(2))).toEqual(expect.arrayContaining(['pause-resume', 'stop', 'epoch-before']))
    expect(offered(open(2))).not.toEqual(expect.arrayContaining(['continue']))
    const stopped = offered(open(2, { state: 'stopped' }))
    expect(stopped).toEqual(expect.arrayContaining(['continue', 'duplicate', 'delete']))
    for (const id of ['pause-resume', 'stop', 'start']) expect(stopped).not.toContain(id)
    useScreenStore().screen = 'first-start'
    for (const id of ['rename', 'play', 'digit', 'scale'] as CommandId[])
      expect(offered(useCommands())).not.toContain(id)
  })

  it('does nothing that may not be given, nor what no table knows', () => {
    const { give } = open(2)
    useScreenStore().screen = 'new-experiment'
    give({ id: 'rename', member: 0 })
    give({ id: 'toString' as CommandId, member: 0 })
    expect(useScreenStore().renaming).toBe(false)
  })

  it('moves in time and chooses among the ten digits on show', () => {
    const { give } = open(12)
    const cursor = useCursorStore()
    give({ id: 'epoch-before', member: 0 })
    give({ id: 'ten-epochs-before', member: 0 })
    expect(cursor.epoch).toBe(1)
    give({ id: 'last-epoch', member: 0 })
    expect([cursor.epoch, cursor.live]).toEqual([12, true])
    cursor.digitSet = 'classes'
    give({ id: 'digit', member: 9 })
    give({ id: 'digit', member: 10 })
    expect(cursor.digit).toBe(19)
    give({ id: 'chart-view', member: 0 })
    give({ id: 'scale', member: 0 })
    expect([cursor.chartView, cursor.scale]).toEqual(['overlaid', 'log'])
  })
})

it('finds words by their beginnings first, then anywhere, then by letters, and all that is typed', () => {
  const best = (typed: string) =>
    ['Export report', 'Epoch before', 'New experiment', 'Öffnen']
      .map((text) => ({ text, score: fit(text, typed) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)[0]?.text
  expect(['rep', 'e b', 'nwexp', 'periment', 'offn', 'er'].map(best)).toEqual([
    'Export report',
    'Epoch before',
    undefined,
    'New experiment',
    'Öffnen',
    'New experiment'
  ])
  expect(fit('Export report', 'export zebra')).toBe(0)
  expect(fit('anything', '')).toBeGreaterThan(0)
})

it('names a file so that every system takes it', () => {
  expect(fileName('Learning rate 0.005: a/b?')).toBe('Learning rate 0.005 a b')
  expect(fileName('../..')).toBe('report')
  expect(fileName('Größe, 2')).toBe('Größe, 2')
  expect([fileName('CON'), fileName('nul.2'), fileName('con te')]).toEqual(['run-CON', 'run-nul.2', 'con te'])
  expect(fileName('\u{1f600} . =cmd. ')).toBe('cmd')
  const long = fileName('漢'.repeat(300))
  expect([long, Buffer.byteLength(long)]).toEqual(['漢'.repeat(66), 198])
})
