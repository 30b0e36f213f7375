// The desktop application, start to quit, as a table of contents.
import { join, resolve } from 'node:path'
import { app, BrowserWindow, session } from 'electron'
import { drawInProcess, figureInProcess } from '../lab/draw-in-process'
import { createLab } from '../lab/lab'
import { openLog } from '../system/log'
import { appPaths } from '../system/paths'
import { registerScheme, servePage } from './app-protocol'
import { askBeforeQuitting } from './closing'
import { createGpuPages, preferFastGpu } from './gpu-page'
import { isAllowedRequest, pageUrl } from './page-origin'
import { createOpenedFiles } from './opened-files'
import { stayAwakeWhileTraining } from './power'
import { followSettings } from './preferences'
import { endOnDefect, logLostProcesses } from './recovery'
import { cutNetwork, enableSandbox, restrictContents, restrictSession } from './security'
import { utilityAnalysis, utilityExport, utilityReport, utilityTrainer } from './spawn'
import { showVersions, versions } from './versions'
import { openWindow } from './lab-window'

/**
 * Opens the window and hands it `files`, absolute paths. `mainFolder` is the folder of the built main process. Resolves when the window is
 * open, or the instance that runs already has taken over.
 */
export async function startDesktop(mainFolder: string, files: readonly string[]): Promise<void> {
  const home = process.env.BOTTLENECK_LAB_HOME
  if (home) app.setPath('userData', resolve(home, 'window'))
  if (!app.requestSingleInstanceLock({ files })) return app.quit()
  const openedFiles = createOpenedFiles()
  openedFiles.add(files)
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openedFiles.add([path])
  })

  const paths = appPaths()
  const log = openLog(paths.log)
  const page = pageUrl(app.isPackaged, process.env.ELECTRON_RENDERER_URL)
  endOnDefect(log)
  logLostProcesses(log)
  registerScheme()
  enableSandbox()
  preferFastGpu()
  cutNetwork(page.url)
  restrictContents(page.url)
  await app.whenReady()

  const lab = createLab({
    spawn: utilityTrainer(join(mainFolder, 'trainer.js'), createGpuPages(mainFolder, log).connect),
    spawnAnalysis: utilityAnalysis(join(mainFolder, 'analysis-process.js')),
    spawnExport: utilityExport(join(mainFolder, 'export-process.js')),
    drawReport: drawInProcess(utilityReport(join(mainFolder, 'report-process.js'))),
    drawFigure: figureInProcess(utilityReport(join(mainFolder, 'report-process.js'))),
    paths,
    log,
    versions: versions()
  })
  restrictSession(session.defaultSession, (url) => isAllowedRequest(url, page.origin))
  await servePage(join(mainFolder, '../renderer'))
  const closing = askBeforeQuitting(lab, log)
  const memory = join(app.getPath('userData'), 'window.json')
  const open = () => closing.watch(openWindow({ lab, log, openedFiles, mainFolder, page, memory }), page.origin)
  const show = () => (BrowserWindow.getAllWindows().length === 0 ? open() : closing.showWindows())
  app.on('second-instance', (_event, _argv, _folder, data) => {
    openedFiles.add(filesOf(data))
    show()
  })
  app.on('open-file', show)
  app.on('activate', show)
  stayAwakeWhileTraining(lab)
  lab.workUnasked()
  showVersions()
  await followSettings(lab, open)
  open()
}

/** What another instance hands over: only this application's own can. */
function filesOf(data: unknown): string[] {
  const { files } = (data ?? {}) as { files?: unknown }
  return Array.isArray(files) ? files.filter((path) => typeof path === 'string') : []
}
