// What each command does, and when it may be given: the one place that keys, menu, palette and buttons lead to.
import { commandIds, commands, type CommandId } from '@shared/commands'
import { useActions } from './actions'
import { useRunListActions } from './run-list-actions'
import { useAnimationStore } from './stores/animation-store'
import { useFigureStore } from './figures/figure-store'
import { useCompareStore } from './stores/compare-store'
import { allowedActions } from './components/allowed-actions'
import { COLUMNS, probeName } from './components/probes'
import { useCursorStore } from './stores/cursor-store'
import { useLabStore } from './stores/lab-store'
import { useRunStore } from './stores/run-store'
import { useRunsStore } from './stores/runs-store'
import { useScreenStore } from './stores/screen-store'
import { useVerifyStore } from './stores/verify-store'
import { useSettingsStore } from './stores/settings-store'
import type { Asked } from './shortcuts'
import { runTabIds, runTabs } from './views/run-tabs'

/** Asks the open form to start: it shows what is wrong instead, where something is. */
export const START_EVENT = 'bottleneck-lab:start'

interface Deed {
  /** Whether it may be given now; without it always. */
  may?: () => boolean
  /** Names of a family's members as they stand now. */
  members?: () => readonly string[]
  give: (member: number) => unknown
}

export function useCommands() {
  const actions = useActions()
  const inList = useRunListActions()
  const compare = useCompareStore()
  const figures = useFigureStore()
  const lab = useLabStore()
  const run = useRunStore()
  const runs = useRunsStore()
  const screen = useScreenStore()
  const settings = useSettingsStore()
  const cursor = useCursorStore()
  const animation = useAnimationStore()

  const isRunShown = () => screen.screen === 'run' && run.view !== null
  const allows = (...wanted: (keyof ReturnType<typeof allowedActions>)[]) => {
    const allowed = isRunShown() && run.view ? allowedActions(run.view, run.circumstances) : null
    return allowed !== null && wanted.some((one) => allowed[one])
  }
  /** Does something to the run on the screen. */
  const toRun = (action: (id: string) => unknown, ...wanted: (keyof ReturnType<typeof allowedActions>)[]): Deed => ({
    may: () => (wanted.length > 0 ? allows(...wanted) : isRunShown()),
    give: () => run.id && action(run.id)
  })
  const inTime = (give: () => unknown): Deed => ({ may: () => isRunShown() && run.lastEpoch > 0, give })
  const isComparing = () => screen.screen === 'compare' && compare.lastEpoch > 0
  /** Goes through the epochs of the run, or of the runs compared. */
  const throughTime = (inRun: () => unknown, compared: () => number): Deed => ({
    may: () => isComparing() || (isRunShown() && run.lastEpoch > 0),
    give: () => (isComparing() ? compare.goTo(compared()) : inRun())
  })
  /** Changes the charts of the run, or of the runs compared. */
  const onCharts = (give: (charts: typeof cursor | typeof compare) => unknown): Deed => ({
    may: () => isComparing() || (isRunShown() && screen.runTab === 'overview'),
    give: () => give(isComparing() ? compare : cursor)
  })
  const onBoard = (give: (member: number) => unknown): Deed => ({
    may: () => isRunShown() && screen.runTab === 'overview',
    give
  })
  const byEpochs = (epochs: number) =>
    throughTime(
      () => cursor.step(epochs),
      () => compare.epoch + epochs
    )
  const theme = (wanted: typeof settings.settings.theme): Deed => ({
    may: () => settings.settings.theme !== wanted,
    give: () => settings.setTheme(wanted)
  })
  const firstDigit = () => (cursor.digitSet === 'first' ? 0 : COLUMNS)

  const verifying = useVerifyStore()
  const deeds: Record<CommandId, Deed> = {
    'command-palette': { give: () => (screen.dialog = 'palette') },
    'new-experiment': { may: actions.mayBeginExperiment, give: actions.newExperiment },
    start: {
      may: () => screen.screen === 'new-experiment',
      give: () => window.dispatchEvent(new Event(START_EVENT))
    },
    'pause-resume': toRun(actions.pauseOrResume, 'pause', 'resume'),
    stop: toRun(actions.stop, 'stop', 'unqueue'),
    continue: toRun(actions.continueRun, 'continue'),
    'import-run': { may: () => lab.connection === 'open', give: () => (screen.dialog = 'import') },
    'verify-report': { may: () => lab.connection === 'open', give: verifying.open },
    'compare-runs': { may: () => runs.all.length > 1, give: () => (compare.choosing = true) },
    storage: { may: () => lab.connection === 'open', give: () => (screen.dialog = 'storage') },
    'export-report': {
      may: () => isComparing() || allows('export'),
      give: () => (isComparing() ? actions.exportReport(...compare.ids) : run.id && actions.exportReport(run.id))
    },
    'export-models': toRun(inList.chooseExports, 'export'),
    'save-animation': toRun(animation.choose, 'export'),
    'save-figure': {
      may: () => Boolean(figures.offer?.()),
      give: () => {
        const source = figures.offer?.()
        if (source) figures.open(source)
      }
    },
    rename: toRun(() => (screen.renaming = true)),
    duplicate: toRun(() => run.file && actions.duplicate(run.file.experiment), 'duplicate'),
    'tags-and-note': toRun(inList.editNotes),
    'reveal-run': toRun(inList.reveal),
    delete: toRun(actions.remove, 'delete'),
    'toggle-rail': { give: screen.toggleRail },
    'search-runs': { may: () => runs.all.length > 0, give: screen.searchRuns },
    device: { give: () => (screen.devicePanelOpen = !screen.devicePanelOpen) },
    settings: { give: () => (screen.dialog = 'settings') },
    tab: {
      may: () => isRunShown() && runTabIds.length > 1,
      members: () => runTabIds.map((id) => runTabs[id].label),
      give: (member) => (screen.runTab = runTabIds[member] ?? screen.runTab)
    },
    'epoch-before': byEpochs(-1),
    'epoch-after': byEpochs(1),
    'ten-epochs-before': byEpochs(-10),
    'ten-epochs-after': byEpochs(10),
    'first-epoch': throughTime(
      () => cursor.goTo(0),
      () => 1
    ),
    'last-epoch': throughTime(cursor.goLive, () => compare.lastEpoch),
    'best-epoch': inTime(cursor.goToBest),
    play: inTime(cursor.togglePlay),
    'chart-view': onBoard(cursor.toggleView),
    scale: onCharts((charts) => charts.toggleScale()),
    'zoom-in': onCharts((charts) => charts.zoomBy(1)),
    'zoom-out': onCharts((charts) => charts.zoomBy(-1)),
    'all-epochs': onCharts((charts) => charts.resetZoom()),
    'all-models': toRun(cursor.selectAll),
    digit: {
      ...onBoard((member) => (cursor.digit = firstDigit() + member)),
      members: () => Array.from({ length: COLUMNS }, (_, column) => digitName(column))
    },
    shortcuts: { give: () => (screen.dialog = 'shortcuts') },
    'copy-diagnostics': { may: () => lab.connection === 'open', give: actions.copyDiagnostics },
    'theme-system': theme('system'),
    'theme-light': theme('light'),
    'theme-dark': theme('dark')
  }

  function digitName(column: number): string {
    return run.file ? probeName(run.probes, firstDigit(), column, run.file.dataset) : ''
  }

  function may({ id, member }: Asked): boolean {
    const { may: isAllowed, members } = deeds[id]
    return (isAllowed?.() ?? true) && (!members || member < members().length)
  }

  /** Gives a command, where it may be given and there is such a one. */
  function give(asked: Asked): void {
    if (Object.hasOwn(deeds, asked.id) && may(asked)) void deeds[asked.id].give(asked.member)
  }

  /** All that may be given now, each in words; a family member by member. */
  function offered(): (Asked & { does: string })[] {
    return commandIds.flatMap((id) => {
      const { members } = deeds[id]
      const each = members?.().map((name, member) => ({ id, member, does: `${commands[id].does}: ${name}` }))
      return (each ?? [{ id, member: 0, does: commands[id].does }]).filter(may)
    })
  }

  return { may, give, offered }
}
