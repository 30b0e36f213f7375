// Commands by name and by key: the menu, the keyboard and the list of shortcuts share them.
import { commandIds, type CommandId } from '@shared/bridge'
import { epochsDone, type RunView } from '@shared/run'
import { useActions } from './actions'
import { allowedActions } from './components/run-status'
import { host } from './window-host'
import { obeyedShortcuts, type Key, type Keyboard } from './shortcuts'
import { useRunStore } from './stores/run-store'
import { useScreenStore } from './stores/screen-store'
import { useSettingsStore } from './stores/settings-store'

/** Asks the open form to start: it shows what is wrong instead, where something is. */
export const START_EVENT = 'bottleneck-lab:start'

export function useCommands(): (command: CommandId) => void {
  const actions = useActions()
  const run = useRunStore()
  const screen = useScreenStore()
  const settings = useSettingsStore()

  /** Does something to the run on the screen, if there is one and it allows it. */
  const toRun = (action: (id: string) => unknown, allows = true) => {
    if (run.id && screen.screen === 'run' && allows) action(run.id)
  }
  const allowsStop = (view: RunView) => {
    const { stop, unqueue } = allowedActions(view)
    return stop || unqueue
  }
  const byCommand: Record<CommandId, () => unknown> = {
    'new-experiment': () => actions.newExperiment(),
    start: () => window.dispatchEvent(new Event(START_EVENT)),
    'pause-resume': () => toRun(actions.pauseOrResume),
    stop: () => toRun(actions.stop, run.view !== null && allowsStop(run.view)),
    'export-report': () => toRun(actions.exportReport, run.view !== null && epochsDone(run.view.file) > 0),
    rename: () =>
      toRun(() => {
        screen.renaming = true
      }),
    'toggle-rail': () => screen.toggleRail(),
    device: () => {
      screen.devicePanelOpen = !screen.devicePanelOpen
    },
    shortcuts: () => {
      screen.dialog = 'shortcuts'
    },
    settings: () => {
      screen.dialog = 'settings'
    },
    'copy-diagnostics': () => actions.copyDiagnostics(),
    'theme-system': () => settings.setTheme('system'),
    'theme-light': () => settings.setTheme('light'),
    'theme-dark': () => settings.setTheme('dark')
  }
  return (command) => {
    if (commandIds.includes(command)) void byCommand[command]()
  }
}

/** Where typed letters belong to the field. */
const TEXT_FIELDS = 'input:not([type="range"]), textarea, select, [contenteditable="true"]'

/**
 * The command of a key press on `target`, or null. Keys without Ctrl count only while no field has the focus;
 * Shift makes another key of all but the question mark, which some keyboards have on it.
 */
export function commandOfKey(
  key: Key,
  target: Pick<Element, 'closest'> | null,
  keyboard: Keyboard = host
): CommandId | null {
  const withControl = keyboard.isMac ? key.metaKey && !key.ctrlKey : key.ctrlKey && !key.metaKey
  if (key.altKey || (!withControl && (key.ctrlKey || key.metaKey)) || (key.shiftKey && key.key !== '?')) return null
  if (!withControl && target?.closest(TEXT_FIELDS)) return null
  const found = obeyedShortcuts(keyboard).find(
    (one) => one.key === key.key.toLowerCase() && (one.withControl ?? false) === withControl
  )
  return found?.command ?? null
}
