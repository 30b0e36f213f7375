// What a user can do in the list of runs beside what actions.ts has: notes, folders, storage, comparison. Failures become notices.
import { isArchiveName, isPdfName } from '@shared/archive'
import type { ImportedRun } from '@shared/contract'
import { quoted } from '@shared/format'
import type { RunNotes } from '@shared/run-notes'
import { useActions } from './actions'
import { useCompareStore } from './stores/compare-store'
import { useImportStore } from './stores/import-store'
import { useLabStore } from './stores/lab-store'
import { useNoticesStore } from './stores/notices-store'
import { useRunsStore } from './stores/runs-store'
import { useScreenStore } from './stores/screen-store'
import { useVerifyStore } from './stores/verify-store'
import { host } from './window-host'

export function useRunListActions() {
  const lab = useLabStore()
  const runs = useRunsStore()
  const screen = useScreenStore()
  const notices = useNoticesStore()
  const compare = useCompareStore()
  const importing = useImportStore()
  const verifying = useVerifyStore()
  const actions = useActions()

  /** Opens the dialog with the tags and the note of a run. */
  function editNotes(id: string): void {
    screen.dialogRun = id
    screen.dialog = 'notes'
  }

  /** Opens the dialog in which it is chosen what of a run is exported for other tools. */
  function chooseExports(id: string): void {
    screen.dialogRun = id
    screen.dialog = 'export'
  }

  const note = (id: string, notes: RunNotes) => notices.attemptOnce(`note ${id}`, () => lab.calls.noteRun(id, notes))

  /** Shows the run's folder; where the page can't, copies its path. */
  async function reveal(id: string): Promise<void> {
    await notices.attemptOnce(`reveal ${id}`, async () => {
      if (await host.revealRun(id)) return
      await actions.copy(await lab.calls.runFolder(id), 'The path of the run’s folder is copied.')
    })
  }

  /** Takes a run folder or file from elsewhere into the list, opens it, and says what of it is not whole. */
  async function importRun(from: string | File): Promise<boolean> {
    notices.dropNews()
    const imported = await importing.take(from)
    if (!imported) return false
    await runs.read()
    actions.openRun(imported.id)
    const name = quoted(runs.find(imported.id)?.name ?? imported.id)
    const wrong = imported.problems.map(({ part, detail }) => `${part}: ${detail}`).join(' ')
    notices.show({
      subject: 'import',
      tone: wrong ? 'warn' : 'info',
      text: wrong ? `${name} is imported, but not all of it is whole. ${wrong}` : importedText(name, imported, from)
    })
    return true
  }

  /**
   * Verifies a report that was dropped on the list; imports what else was, one after another until one is given up. Where paths can't be had, files are sent, and of folders
   * a path is asked for.
   */
  async function importDropped(files: readonly File[]): Promise<void> {
    const report = files.find(({ name }) => isPdfName(name))
    if (report) return verifying.take(host.pathOf(report) || report)
    const known = files.map((file) => host.pathOf(file) || file)
    const sources = known.filter((source) => typeof source === 'string' || isArchiveName(source.name))
    if (sources.length === 0) screen.dialog = 'import'
    for (const source of sources) {
      if (!(await importRun(source)) && importing.isGivenUp) return
    }
  }

  /** What the system hands to the application. */
  const openFile = (path: string) => (isPdfName(path) ? verifying.take(path) : importRun(path))

  /** Shows the chosen runs beside each other. */
  function compareChosen(): void {
    if (compare.chosen.length < 2) return
    notices.leave()
    compare.open(compare.chosen)
    compare.choosing = false
    screen.screen = 'compare'
  }

  return { editNotes, chooseExports, note, reveal, importRun, importDropped, openFile, compareChosen }
}

function importedText(name: string, { isThere }: ImportedRun, from: string | File): string {
  if (isThere) return `${name} is in the list already: nothing was copied.`
  const isFile = typeof from !== 'string' || isArchiveName(from)
  return `${name} is imported: its ${isFile ? 'file was unpacked' : 'folder was copied'}.`
}
