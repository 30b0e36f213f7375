// Every command of the application: what it does in words, its keys, its place in the menu. What it does in deeds, and when it may be
// given, is in renderer/commands.ts; menu, keyboard, list of shortcuts, palette and buttons are made of this table.

/** A stretch of the menu between two lines. */
export type MenuPlace = 'new' | 'export' | 'settings' | 'theme' | 'view' | 'run' | 'run-edit' | 'help'

export interface CommandEntry {
  does: string
  /** `Mod+N`, `Shift+ArrowLeft`, `?`: `Mod` is ⌘ on macOS, else Ctrl; a letter is a capital. Any of them gives the command. */
  keys?: readonly string[]
  /** Instead of `keys` in the lists of a browser, which has those for itself; a browser that hands them over is taken at its word. */
  inBrowser?: readonly string[]
  menu?: MenuPlace
  /** Whether something is asked before anything is done: the menu puts an ellipsis then. */
  asks?: true
  /** Whether a held key goes on doing it. */
  repeats?: true
  /** Whether each key gives another member of a family: a tab, a digit. */
  isFamily?: true
}

/** `Mod+1` to `Mod+9`. */
const numbered = (prefix: string) => Array.from({ length: 9 }, (_, index) => `${prefix}${index + 1}`)

const table = {
  'command-palette': { does: 'Command palette', keys: ['Mod+K'], menu: 'view' },
  'new-experiment': { does: 'New experiment', keys: ['Mod+N'], inBrowser: ['N'], menu: 'new', asks: true },
  start: { does: 'Start training', keys: ['Mod+Enter'], menu: 'run' },
  'pause-resume': { does: 'Pause or resume', keys: ['Mod+P'], menu: 'run' },
  stop: { does: 'Stop', keys: ['Mod+.'], menu: 'run' },
  continue: { does: 'Continue', menu: 'run' },
  'import-run': { does: 'Import a run', menu: 'new', asks: true },
  'verify-report': { does: 'Verify a report', menu: 'new', asks: true },
  'compare-runs': { does: 'Choose runs to compare', menu: 'view' },
  storage: { does: 'Storage that runs use', menu: 'view' },
  'export-report': { does: 'Export report', keys: ['Mod+E'], menu: 'export', asks: true },
  'export-models': { does: 'Export for other tools', menu: 'export', asks: true },
  'save-animation': { does: 'Save animation', menu: 'export', asks: true },
  'save-figure': { does: 'Save figure', menu: 'export', asks: true },
  rename: { does: 'Rename', keys: ['F2'], menu: 'run-edit', asks: true },
  duplicate: { does: 'Duplicate', menu: 'run-edit', asks: true },
  'tags-and-note': { does: 'Tags and note', keys: ['T'], menu: 'run-edit', asks: true },
  'reveal-run': { does: 'Show the run’s folder', menu: 'run-edit' },
  delete: { does: 'Delete the run', menu: 'run-edit' },
  'toggle-rail': { does: 'Show or hide the run list', keys: ['Mod+B'], menu: 'view' },
  'search-runs': { does: 'Search runs', keys: ['/'], menu: 'view' },
  device: { does: 'Devices', keys: ['Mod+D'], menu: 'view' },
  settings: { does: 'Settings', keys: ['Mod+,'], menu: 'settings', asks: true },
  // browsers choose among their own tabs by Ctrl and a digit
  tab: { does: 'Tab', keys: numbered('Mod+'), inBrowser: numbered('Alt+'), isFamily: true },
  'epoch-before': { does: 'Epoch before', keys: ['ArrowLeft'], repeats: true },
  'epoch-after': { does: 'Epoch after', keys: ['ArrowRight'], repeats: true },
  'ten-epochs-before': { does: 'Ten epochs before', keys: ['Shift+ArrowLeft'], repeats: true },
  'ten-epochs-after': { does: 'Ten epochs after', keys: ['Shift+ArrowRight'], repeats: true },
  'first-epoch': { does: 'First epoch', keys: ['Home'] },
  'last-epoch': { does: 'Last epoch, live while training', keys: ['L', 'End'] },
  'best-epoch': { does: 'Epoch of the least validation loss', keys: ['B'] },
  play: { does: 'Play or halt the epochs', keys: ['Space'] },
  'chart-view': { does: 'Charts one by one or overlaid', keys: ['O'] },
  scale: { does: 'Loss axis linear or log', keys: ['Y'] },
  'zoom-in': { does: 'Zoom into the charts', keys: ['+', '='], repeats: true },
  'zoom-out': { does: 'Zoom out of the charts', keys: ['-'], repeats: true },
  'all-epochs': { does: 'All epochs in the charts', menu: 'view' },
  'all-models': { does: 'Select all models', keys: ['A'] },
  digit: { does: 'Image', keys: [...'1234567890'], isFamily: true },
  shortcuts: { does: 'Keyboard shortcuts', keys: ['?'], menu: 'help' },
  'copy-diagnostics': { does: 'Copy diagnostics', menu: 'help' },
  'theme-system': { does: 'Theme as the system', menu: 'theme' },
  'theme-light': { does: 'Light theme', menu: 'theme' },
  'theme-dark': { does: 'Dark theme', menu: 'theme' }
} satisfies Record<string, CommandEntry>

export type CommandId = keyof typeof table
export const commandIds = Object.keys(table) as CommandId[]
export const commands: Readonly<Record<CommandId, CommandEntry>> = table

/** Keys that a control hears itself, for the list of shortcuts. */
export const keysElsewhere: readonly Pick<CommandEntry, 'does' | 'keys'>[] = [
  { does: 'Delete the run in the list', keys: ['Delete'] },
  { does: 'Choose the run in the list for a comparison', keys: ['C'] },
  { does: 'Table, CSV and figure of a chart', keys: ['Enter'] },
  { does: 'Close', keys: ['Escape'] }
]

/** The commands of a stretch of the menu, in its order. */
export function commandsAt(place: MenuPlace): CommandId[] {
  return commandIds.filter((id) => commands[id].menu === place)
}
