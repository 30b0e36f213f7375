// What a user can do in the list of runs beside what actions.ts has: notes, folders, storage, comparison. Failures become notices.
import { quoted } from '@shared/format'
import type { RunNotes } from '@shared/run-notes'
import { useActions } from './actions'
import { useCompareStore } from './stores/compare-store'
import { useImportStore } from './stores/import-store'
import { useLabStore } from './stores/lab-store'
import { useNoticesStore } from './stores/notices-store'
import { useRunsStore } from './stores/runs-store'
import { useScreenStore } from './stores/screen-store'
import { host } from './window-host'

export function useRunListActions() {
  const lab = useLabStore()
  const runs = useRunsStore()
  const screen = useScreenStore()
  const notices = useNoticesStore()
  const compare = useCompareStore()
  const importing = useImportStore()
  const actions = useActions()

  /** Opens the dialog with the tags and the note of a run. */
  function editNotes(id: string): void {
    screen.dialogRun = id
    screen.dialog = 'notes'
  }

  const note = (id: string, notes: RunNotes) => notices.attemptOnce(`note ${id}`, () => lab.calls.noteRun(id, notes))

  /** Shows the run's folder; where the page can't, copies its path. */
  async function reveal(id: string): Promise<void> {
    await notices.attemptOnce(`reveal ${id}`, async () => {
      if (await host.revealRun(id)) return
      await actions.copy(await lab.calls.runFolder(id), 'The path of the run’s folder is copied.')
    })
  }

  /** Takes a run folder from elsewhere into the list, opens it, and says what of it is not whole. */
  async function importRun(path: string): Promise<boolean> {
    notices.dropNews()
    const imported = await importing.take(path)
    if (!imported) return false
    await runs.read()
    actions.openRun(imported.id)
    const name = quoted(runs.find(imported.id)?.name ?? imported.id)
    const wrong = imported.problems.map(({ part, detail }) => `${part}: ${detail}`).join(' ')
    notices.show({
      subject: 'import',
      tone: wrong ? 'warn' : 'info',
      text: wrong
        ? `${name} is imported, but not all of it is whole. ${wrong}`
        : `${name} is imported: its folder was copied.`
    })
    return true
  }

  /** Imports run folders that were dropped on the list, one after another until one is given up; where their paths can't be had, asks for one. */
  async function importDropped(files: readonly File[]): Promise<void> {
    const paths = files.map((file) => host.pathOf(file)).filter(Boolean)
    if (paths.length === 0) screen.dialog = 'import'
    for (const path of paths) {
      if (!(await importRun(path)) && importing.isGivenUp) return
    }
  }

  /** Shows the chosen runs beside each other. */
  function compareChosen(): void {
    if (compare.chosen.length < 2) return
    notices.leave()
    compare.open(compare.chosen)
    compare.choosing = false
    screen.screen = 'compare'
  }

  return { editNotes, note, reveal, importRun, importDropped, compareChosen }
}
