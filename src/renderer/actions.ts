// What a user can do to runs, whichever button, key or menu entry asks for it. Failures become notices.
import type { Experiment } from '@shared/experiment'
import { isActive } from '@shared/run'
import { host } from './host'
import { useExperimentStore } from './stores/experiment'
import { useLabStore } from './stores/lab'
import { useNoticesStore } from './stores/notices'
import { useRunStore } from './stores/run'
import { useRunsStore } from './stores/runs'
import { useScreenStore } from './stores/screen'

export type Actions = ReturnType<typeof useActions>

export function useActions() {
  const lab = useLabStore()
  const run = useRunStore()
  const runs = useRunsStore()
  const screen = useScreenStore()
  const notices = useNoticesStore()
  const form = useExperimentStore()

  /** Shows a run; its id in the address brings it back after a reload. */
  function openRun(id: string): void {
    screen.screen = 'run'
    screen.renaming = false
    history.replaceState(null, '', `#${id}`)
    void run.open(id)
  }

  /** What a window shows when nothing was chosen: the run of its address, the one that trains, the newest, or the start. */
  function openSomething(): void {
    const remembered = runs.find(location.hash.slice(1))
    const wanted = remembered ?? runs.training ?? runs.all[0]
    if (wanted) openRun(wanted.id)
    else {
      run.close()
      history.replaceState(null, '', location.pathname + location.search)
      screen.screen = 'first-start'
    }
  }

  /** Opens the form, filled with the article's recipe; a form that is open stays as it is. */
  function newExperiment(): void {
    if (screen.screen === 'new-experiment') return
    form.startFrom('article')
    screen.screen = 'new-experiment'
  }

  function leaveNewExperiment(): void {
    if (run.id && runs.find(run.id)) screen.screen = 'run'
    else openSomething()
  }

  function duplicate(experiment: Experiment): void {
    form.copyOf(experiment)
    screen.screen = 'new-experiment'
  }

  async function start(experiment: Experiment): Promise<void> {
    const id = await notices.attempt('start', () => lab.calls.startRun(experiment, form.engine, form.device))
    if (id !== undefined) openRun(id)
  }

  const continueRun = (id: string) => notices.attempt(`continue ${id}`, () => lab.calls.continueRun(id))
  const stop = (id: string) => notices.attempt(`stop ${id}`, () => lab.calls.stopRun(id))

  function pauseOrResume(id: string): Promise<void> | undefined {
    const state = runs.find(id)?.state ?? run.view?.state
    if (state === 'paused') return notices.attempt(`pause ${id}`, () => lab.calls.resumeRun(id))
    if (state === 'running') return notices.attempt(`pause ${id}`, () => lab.calls.pauseRun(id))
    return undefined
  }

  async function rename(id: string, name: string): Promise<void> {
    screen.renaming = false
    const trimmed = name.trim().slice(0, 80)
    if (trimmed && trimmed !== runs.find(id)?.name) {
      await notices.attempt(`rename ${id}`, () => lab.calls.renameRun(id, trimmed))
    }
  }

  /** Deletes a run that does not train; the notice can bring it back. */
  async function remove(id: string): Promise<void> {
    const name = runs.find(id)?.name ?? 'The run'
    if (isActive(runs.find(id)?.state ?? 'finished')) {
      notices.show({
        subject: 'delete',
        tone: 'warn',
        text: `${name} is still in training. Stop it before deleting it.`
      })
      return
    }
    const index = runs.all.findIndex((other) => other.id === id)
    const gone = await notices.attempt('delete', () => lab.calls.deleteRun(id).then(() => true))
    if (!gone) return
    if (run.id === id) {
      const next = runs.all.filter((other) => other.id !== id)[Math.max(0, index - 1)]
      run.close()
      if (next) openRun(next.id)
      else openSomething()
    }
    notices.show({
      subject: 'delete',
      tone: 'info',
      text: `${name} was deleted.`,
      actions: [{ label: 'Undo', run: () => restore(id) }]
    })
  }

  async function restore(id: string): Promise<void> {
    const back = await notices.attempt('delete', () => lab.calls.restoreRun(id).then(() => true))
    if (!back) return
    await runs.read()
    openRun(id)
  }

  async function exportReport(id: string): Promise<void> {
    const name = runs.find(id)?.name ?? run.view?.file.experiment.name ?? 'run'
    notices.show({ subject: 'report', tone: 'info', text: 'Writing the report …' })
    const bytes = await notices.attempt('report', () => lab.calls.exportReport(id))
    if (!bytes) return
    const place = await notices.attempt('report', () => host.saveFile(`${fileName(name)}.pdf`, bytes))
    if (place) notices.show({ subject: 'report', tone: 'info', text: `The report is saved: ${place}` })
  }

  async function copyDiagnostics(): Promise<void> {
    const text = await notices.attempt('copy', () => lab.calls.diagnostics())
    if (text !== undefined)
      await copy(text, 'The diagnostics are copied: versions, devices, settings and the end of the log.')
  }

  async function copy(text: string, said: string): Promise<void> {
    const copied = await notices.attempt('copy', () => host.copyText(text).then(() => true))
    if (copied) notices.show({ subject: 'copy', tone: 'info', text: said })
  }

  return {
    openRun,
    openSomething,
    newExperiment,
    leaveNewExperiment,
    duplicate,
    start,
    continueRun,
    stop,
    pauseOrResume,
    rename,
    remove,
    exportReport,
    copyDiagnostics,
    copy
  }
}

/** A run's name as a file can be named on every system. */
export function fileName(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N}.,()\- ]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  return plain || 'report'
}
