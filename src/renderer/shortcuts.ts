// The keys of the window, in the order the list of shortcuts shows them; what each does, and how it is written.
import type { CommandId } from '@shared/bridge'
import type { Host } from './window-host'

export interface Shortcut {
  does: string
  /** `KeyboardEvent.key` in lower case, and the command it gives; without one the key is heard elsewhere. */
  key?: string
  command?: CommandId
  /** With Ctrl, on macOS with ⌘. */
  withControl?: boolean
  /** As written on the key caps, Ctrl left out. */
  caps: string[]
}

/** What of a KeyboardEvent decides. */
export type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** Where the window runs decides how keys are written and which are free. */
export type Keyboard = Pick<Host, 'isMac' | 'isBrowser'>

const withControl = (command: CommandId, cap: string, does: string): Shortcut => ({
  does,
  command,
  key: cap.toLowerCase(),
  withControl: true,
  caps: [cap]
})
const plain = (command: CommandId, cap: string, does: string): Shortcut => ({
  does,
  command,
  key: cap.toLowerCase(),
  caps: [cap]
})

/** Browsers open a window of their own on Ctrl+N. */
const newInBrowser = plain('new-experiment', 'N', 'New experiment')

const shortcuts: readonly Shortcut[] = [
  withControl('new-experiment', 'N', 'New experiment'),
  withControl('start', 'Enter', 'Start training'),
  withControl('pause-resume', 'P', 'Pause, resume'),
  withControl('stop', '.', 'Stop'),
  withControl('export-report', 'E', 'Export report'),
  plain('rename', 'F2', 'Rename'),
  { caps: ['Del'], does: 'Delete the run in the list' },
  withControl('toggle-rail', 'B', 'Fold the rail'),
  withControl('device', 'D', 'Device'),
  withControl('settings', ',', 'Settings'),
  { caps: ['←', '→'], does: 'Epoch' },
  { caps: ['Shift', '←', '→'], does: 'Ten epochs' },
  { caps: ['Home', 'End'], does: 'First, last epoch' },
  { caps: ['Space'], does: 'Play' },
  { caps: ['L'], does: 'Live' },
  { caps: ['O'], does: 'One by one, overlaid' },
  { caps: ['Y'], does: 'Linear, log' },
  { caps: ['1', '…', '0'], does: 'Digit' },
  { caps: ['Enter'], does: 'Table, CSV and picture of a chart' },
  { caps: ['Esc'], does: 'Close' },
  plain('shortcuts', '?', 'This list')
]

/** What the list shows. */
export function shownShortcuts({ isBrowser }: Pick<Keyboard, 'isBrowser'>): Shortcut[] {
  return shortcuts.map((one) => (isBrowser && one.command === newInBrowser.command ? newInBrowser : one))
}

/** What is obeyed: a browser that does hand Ctrl+N over is taken at its word. */
export function obeyedShortcuts({ isBrowser }: Pick<Keyboard, 'isBrowser'>): readonly Shortcut[] {
  return isBrowser ? [newInBrowser, ...shortcuts] : shortcuts
}

/** The caps of a shortcut, Ctrl or ⌘ first. */
export function capsOf({ withControl, caps }: Shortcut, { isMac }: Pick<Keyboard, 'isMac'>): string[] {
  return withControl ? [isMac ? '⌘' : 'Ctrl', ...caps] : caps
}

/** How a button shows its key: in writing, and as `aria-keyshortcuts` has it. */
export function keysOf(command: CommandId, keyboard: Keyboard): { written: string; aria: string } {
  const found = shownShortcuts(keyboard).find((one) => one.command === command)
  if (!found) return { written: '', aria: '' }
  const control = found.withControl ? [keyboard.isMac ? 'Meta' : 'Control'] : []
  return { written: capsOf(found, keyboard).join(' '), aria: [...control, ...found.caps].join('+') }
}
