// What a user can do to runs, whichever button, key or menu entry asks for it. Failures become notices.
import { cutText } from '@shared/cut-text'
import { leftoversText } from '@shared/devices'
import { sentence } from '@shared/errors'
import { LONGEST_NAME, type Experiment, type presets } from '@shared/experiment'
import type { ExportRequest } from '@shared/exports'
import { formatPlural } from '@shared/format'
import type { ReportFile, ReportOptions } from '@shared/report-options'
import { isActive, type RunSummary } from '@shared/run'
import { nameAmong } from './components/name-among'
import { fileName } from './file-name'
import { host } from './window-host'
import { useAnimationStore } from './stores/animation-store'
import { useCompareStore } from './stores/compare-store'
import { useExperimentStore } from './stores/experiment-store'
import { useExportStore } from './stores/export-store'
import { useLabStore } from './stores/lab-store'
import { useNoticesStore } from './stores/notices-store'
import { useReportStore } from './stores/report-store'
import { useRunStore } from './stores/run-store'
import { useRunsStore } from './stores/runs-store'
import { useScreenStore } from './stores/screen-store'
import { useSettingsStore } from './stores/settings-store'

export type Actions = ReturnType<typeof useActions>

export function useActions() {
  const lab = useLabStore()
  const run = useRunStore()
  const runs = useRunsStore()
  const screen = useScreenStore()
  const notices = useNoticesStore()
  const form = useExperimentStore()
  const compare = useCompareStore()
  const report = useReportStore()
  const settings = useSettingsStore()
  const exporting = useExportStore()
  const animation = useAnimationStore()

  /** Shows a run; its id in the address brings it back after a reload. */
  function openRun(id: string): void {
    if (id !== run.id || screen.screen !== 'run') notices.leave()
    screen.screen = 'run'
    screen.renaming = false
    history.replaceState(null, '', `#${id}`)
    void run.open(id)
  }

  /** What a window shows when nothing was chosen: the run of its address, the one that trains, the newest, or the start. */
  function openSomething(): void {
    const compared = compare.idsInAddress().filter((id) => runs.find(id))
    if (compared.length > 1) {
      screen.screen = 'compare'
      return compare.open(compared)
    }
    const remembered = runs.find(location.hash.slice(1))
    const wanted = remembered ?? runs.training ?? runs.all[0]
    if (wanted) openRun(wanted.id)
    else {
      run.close()
      history.replaceState(null, '', location.pathname + location.search)
      screen.screen = 'first-start'
    }
  }

  /** Offers to delete what an older version left, where it did. */
  function offerLeftovers(): void {
    const leftovers = lab.info?.leftovers
    if (!leftovers) return
    const subject = 'leftovers'
    const remove = async () => {
      const removed = await notices.attemptOnce(subject, () => lab.calls.removeLeftovers().then(() => true))
      if (removed) notices.show({ subject, tone: 'info', text: `${leftovers.folder} is deleted.` })
    }
    notices.show({
      subject,
      tone: 'info',
      text: leftoversText(leftovers),
      stays: true,
      actions: [{ label: 'Delete it', run: remove }]
    })
  }

  /** Says what can't be read, and why. */
  function tellUnreadable(): void {
    for (const { path, error } of runs.unreadable)
      notices.show({ subject: `unreadable ${path}`, tone: 'warn', text: sentence(error) })
  }

  /** What follows a run that has gone from the list: the one that stands there now, else the last one. */
  function openInsteadOf(gone: string, before: readonly RunSummary[]): void {
    const index = before.findIndex(({ id }) => id === gone)
    const next = runs.all[Math.min(Math.max(0, index), runs.all.length - 1)]
    if (next) openRun(next.id)
    else openSomething()
  }

  /** Not in the form itself, and not on a page that was never let in; one that is being connected may. */
  function mayBeginExperiment(): boolean {
    return screen.screen !== 'new-experiment' && (lab.connection !== 'lost' || lab.info !== null)
  }

  /** Opens the form with the draft that is under way, else with the article's recipe. */
  function newExperiment(): void {
    openForm()
  }

  /** Opens the form with a shipped recipe, or with what `newExperiment` takes. */
  function openForm(recipe?: keyof typeof presets): void {
    if (!mayBeginExperiment()) return
    notices.leave()
    form.openDraft(recipe)
    screen.screen = 'new-experiment'
  }

  function cancelNewExperiment(): void {
    leaveNewExperiment()
    form.discard()
  }

  /** Leaves the form; its draft stays. */
  function leaveNewExperiment(): void {
    if (run.id && runs.find(run.id)) screen.screen = 'run'
    else openSomething()
  }

  function duplicate(experiment: Experiment): void {
    form.copyOf(experiment)
    screen.screen = 'new-experiment'
  }

  async function start(experiment: Experiment): Promise<void> {
    const fromForm = screen.screen === 'new-experiment'
    const id = await notices.attemptOnce('start', () => lab.calls.startRun(experiment, form.device))
    if (id === undefined) return
    screen.runTab = 'overview' // where learning can be watched
    openRun(id)
    if (fromForm) form.discard()
  }

  const continueRun = (id: string) => notices.attemptOnce(`continue ${id}`, () => run.goOn(id))
  const stop = (id: string) => notices.attemptOnce(`stop ${id}`, () => lab.calls.stopRun(id))

  function pauseOrResume(id: string): Promise<void> | undefined {
    const state = runs.find(id)?.state ?? run.view?.state
    if (state === 'paused') return notices.attemptOnce(`pause ${id}`, () => lab.calls.resumeRun(id))
    if (state === 'running') return notices.attemptOnce(`pause ${id}`, () => lab.calls.pauseRun(id))
    return undefined
  }

  async function rename(id: string, name: string): Promise<void> {
    screen.renaming = false
    const trimmed = cutText(name.trim(), LONGEST_NAME)
    if (trimmed && trimmed !== runs.find(id)?.name) {
      await notices.attemptOnce(`rename ${id}`, () => lab.calls.renameRun(id, trimmed))
    }
  }

  /** Deletes a run that does not train; the notice can bring it back. What opens instead is decided where the list changes. */
  async function remove(id: string): Promise<void> {
    const known = runs.find(id)
    const named = known ? nameAmong(known, runs.all) : 'The run'
    const subject = `delete ${id}`
    if (isActive(known?.state ?? 'finished')) {
      notices.show({
        subject,
        tone: 'warn',
        text: `${named} is still in training. Stop it before deleting it.`,
        isOfScreen: true
      })
      return
    }
    const gone = await notices.attemptOnce(subject, () => lab.calls.deleteRun(id).then(() => true))
    if (!gone) return
    if (known) runs.deleted = [...runs.deleted.filter((run) => run.id !== id), known]
    notices.show({
      subject,
      tone: 'info',
      text: `${named} was deleted.`,
      actions: [{ label: 'Undo', run: () => restore(id) }]
    })
  }

  async function restore(id: string): Promise<void> {
    const back = await notices.attemptOnce(`delete ${id}`, () => lab.calls.restoreRun(id).then(() => true))
    if (!back) return
    runs.deleted = runs.deleted.filter((run) => run.id !== id)
    await runs.read()
    openRun(id)
  }

  /** Lets the user choose what the report of a run shows, or of several compared. */
  const exportReport = (...ids: string[]) => report.choose(ids)

  /** Saves the report of a run, or of several compared, or its source; the options hold for the next one too. */
  async function saveReport(ids: string[], options: ReportOptions, form: ReportFile = 'pdf'): Promise<void> {
    const [id = ''] = ids
    const own = runs.find(id)?.name ?? run.view?.file.experiment.name ?? 'run'
    const name = ids.length > 1 ? `${own} and ${formatPlural(ids.length - 1, 'other')}` : own
    const subject = `report ${id}`
    void settings.setReport(options)
    const path = await notices.attemptOnce(subject, async () => {
      notices.show({ subject, tone: 'info', text: 'Writing the report …', stays: true })
      const file = `${fileName(name)}${form === 'pdf' ? '.pdf' : ' source.zip'}`
      const saving = lab.calls.exportReport(ids, options, form).then((bytes) => host.saveFile(file, bytes))
      host.askBeforeLeaving(saving)
      return saving
    })
    if (path)
      notices.show({ subject, tone: 'info', text: `The report${form === 'pdf' ? '' : '’s source'} is saved: ${path}` })
  }

  /** Saves files for other tools, several as one ZIP. */
  const exportForTools = (id: string, request: ExportRequest) => exporting.save(id, request)

  /** Copies the one file of a format, which is text. */
  async function copyExport(id: string, key: string): Promise<void> {
    const request = { formats: [key], models: null }
    const file = await notices.attemptOnce('copy', () => lab.calls.exportRun(id, request))
    if (file) await copy(new TextDecoder().decode(file.content), `The text of ${file.name} is copied.`)
  }

  /** Makes the animation of the dialog and saves it; the dialog stays where that was given up or failed. */
  async function saveAnimation(): Promise<void> {
    const { animated, options } = animation
    if (!animated) return
    const { id, experiment } = animated.view.file
    const making = animation.make()
    host.askBeforeLeaving(making)
    const bytes = await making
    if (!bytes) return
    const name = `${fileName(`${experiment.name}, training`)}.${options.format}`
    const subject = `animation ${id}`
    const path = await notices.attemptOnce(subject, () => host.saveFile(name, bytes))
    if (!path) return
    screen.dialog = null
    notices.show({ subject, tone: 'info', text: `The animation is saved: ${path}` })
  }

  async function copyDiagnostics(): Promise<void> {
    const text = await notices.attemptOnce('copy', () => lab.calls.diagnostics())
    if (text !== undefined)
      await copy(text, 'The diagnostics are copied: versions, devices, settings and the end of the log.')
  }

  async function copy(text: string, notice: string): Promise<void> {
    const copied = await notices.attemptOnce('copy', () => host.copyText(text).then(() => true))
    if (copied) notices.show({ subject: 'copy', tone: 'info', text: notice })
  }

  return {
    openRun,
    openSomething,
    offerLeftovers,
    tellUnreadable,
    openInsteadOf,
    mayBeginExperiment,
    newExperiment,
    openForm,
    leaveNewExperiment,
    cancelNewExperiment,
    duplicate,
    start,
    continueRun,
    stop,
    pauseOrResume,
    rename,
    remove,
    restore,
    exportReport,
    saveReport,
    exportForTools,
    copyExport,
    saveAnimation,
    copyDiagnostics,
    copy
  }
}
