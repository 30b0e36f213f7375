// Keeps the computer awake while a run trains; the screen may go dark.
import { powerSaveBlocker } from 'electron'
import type { Lab } from '../lab/lab'

/** Follows the lab's runs from now on. */
export function stayAwakeWhileTraining(lab: Lab): void {
  const state: { blocker: number | null } = { blocker: null }
  lab.follow((event) => {
    if (event !== 'runChanged') return
    if (lab.hasActiveRun()) state.blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    else if (state.blocker !== null) {
      powerSaveBlocker.stop(state.blocker)
      state.blocker = null
    }
  })
}
