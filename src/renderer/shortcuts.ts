// Keys of the commands: which one a key press gives, and how keys are written on caps, in buttons and in `aria-keyshortcuts`.
import { commandIds, commands, type CommandEntry, type CommandId } from '@shared/commands'
import { host, type Host } from './window-host'

/** What of a KeyboardEvent decides. */
export type Key = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** Where the window runs decides how keys are written and which are free. */
export type Keyboard = Pick<Host, 'isMac' | 'isBrowser'>

/** A command, and for a family which member. */
export interface Asked {
  id: CommandId
  member: number
  /** Given by a key without Ctrl, ⌘ and Alt: one that is not obeyed is left to the browser. */
  isPlain?: boolean
}

/** Where all keys, plain keys, arrows and Space belong to what has the focus. The scrubber is no such thing: it is moved by the same keys. */
const OWN_KEYS = 'dialog, [role="dialog"], [role="menu"]'
const OWN_PLAIN_KEYS = 'input:not([data-scrubber]), textarea, select, [contenteditable="true"], [contenteditable=""]'
const OWN_ARROWS = '[role="tablist"], [role="radiogroup"], [role="toolbar"], [role="listbox"]'
const OWN_SPACE = 'button, a, summary, [role="button"]'

/** The command of a key press on `target`; null where the key has no meaning or belongs to the target. */
export function commandOfKey(
  key: Key,
  target: Pick<Element, 'closest'> | null,
  keyboard: Keyboard = host
): Asked | null {
  const pressed = written(key, keyboard)
  const isPlain = !/^(Mod|Alt|Other)\+/.test(pressed)
  const own = [
    OWN_KEYS,
    ...(isPlain ? [OWN_PLAIN_KEYS] : []),
    ...(/Arrow|Home|End/.test(pressed) ? [OWN_ARROWS] : []),
    ...(pressed === 'Space' ? [OWN_SPACE] : [])
  ]
  if (target?.closest(own.join(', '))) return null
  for (const id of commandIds) {
    const at = obeyedKeys(commands[id], keyboard).indexOf(pressed)
    if (at >= 0) return { id, member: commands[id].isFamily ? at : 0, isPlain }
  }
  return null
}

/** A browser that does hand over a key of its own is taken at its word; a digit would open its tabs, not ours. */
function obeyedKeys(entry: CommandEntry, keyboard: Keyboard): readonly string[] {
  const shown = shownKeys(entry, keyboard)
  return entry.isFamily ? shown : [...shown, ...(entry.keys ?? [])]
}

/** A key press as the table writes it. Shift is part of how some keyboards have `?` or a digit, so it counts with letters and named keys only. */
function written(event: Key, { isMac }: Pick<Keyboard, 'isMac'>): string {
  const { altKey, ctrlKey, metaKey, shiftKey } = event
  const digit = (altKey || ctrlKey || metaKey) && /^Digit(\d)$/.exec(event.code)?.[1]
  const name = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key
  const isShifted = shiftKey && (name.length > 1 || /[A-Z]/.test(name))
  const held = [(isMac ? ctrlKey : metaKey) && 'Other', (isMac ? metaKey : ctrlKey) && 'Mod', altKey && 'Alt']
  return [...held, isShifted && 'Shift', digit || name].filter(Boolean).join('+')
}

/** The keys that lists show here. */
export function shownKeys(
  { keys = [], inBrowser }: Pick<CommandEntry, 'keys' | 'inBrowser'>,
  { isBrowser }: Pick<Keyboard, 'isBrowser'>
) {
  return isBrowser && inBrowser ? inBrowser : keys
}

const caps: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', Delete: 'Del', Escape: 'Esc' }

/** `Ctrl` and `N` of `Ctrl+N`; a plus stands for itself. */
export const partsOf = (key: string): string[] => (key === '+' ? ['+'] : key.split('+'))

/** The caps of a key: `Ctrl`, `N`; on macOS `⌘`, `N`. */
export function capsOf(key: string, { isMac }: Pick<Keyboard, 'isMac'>): string[] {
  const written: Record<string, string> = { ...caps, ...(isMac ? { Mod: '⌘', Alt: '⌥' } : { Mod: 'Ctrl' }) }
  return partsOf(key).map((part) => written[part] ?? part)
}

/** How a button shows its first key: in writing, and as `aria-keyshortcuts` has it. */
export function keysOf(id: CommandId, keyboard: Keyboard = host): { written: string; aria: string } {
  const [first] = shownKeys(commands[id], keyboard)
  if (first === undefined) return { written: '', aria: '' }
  return { written: capsOf(first, keyboard).join(' '), aria: first.replace('Mod', keyboard.isMac ? 'Meta' : 'Control') }
}

/** All caps of an entry for a list: of a family the first key, `…` and the last; else each key. */
export function capsShown(entry: Pick<CommandEntry, 'keys' | 'inBrowser' | 'isFamily'>, keyboard: Keyboard): string[] {
  const shown = shownKeys(entry, keyboard)
  const [first, last] = [shown[0], shown[shown.length - 1]]
  if (first === undefined || last === undefined) return []
  if (!entry.isFamily) return shown.flatMap((key) => capsOf(key, keyboard))
  return [...capsOf(first, keyboard), '…', ...capsOf(last, keyboard).slice(-1)]
}
