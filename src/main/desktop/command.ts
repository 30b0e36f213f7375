// A command run by Electron's binary, as a packaged application's command line is: no window, the same trainer process.
import { join } from 'node:path'
import { app } from 'electron'
import { processHost } from '../cli/host'
import { commandLine } from '../cli/main'
import { drawInProcess, figureInProcess } from '../lab/draw-in-process'
import { createLab } from '../lab/lab'
import { openLog } from '../system/log'
import { appPaths } from '../system/paths'
import { registerScheme } from './app-protocol'
import { createGpuPages, preferFastGpu, withoutGpuPage } from './gpu-page'
import { PAGE_URL } from './page-origin'
import { cutNetwork, enableSandbox } from './security'
import { utilityAnalysis, utilityExport, utilityReport, utilityTrainer } from './spawn'
import { versions } from './versions'

/** Runs the command and ends the process with its exit code. `mainFolder` is the folder of the built main process. */
export async function runCommand(mainFolder: string, argv: string[]): Promise<void> {
  app.on('window-all-closed', () => undefined) // a command has no window to wait for
  registerScheme()
  enableSandbox()
  cutNetwork(PAGE_URL)
  preferFastGpu()
  await app.whenReady()
  const paths = appPaths()
  const log = openLog(paths.log)
  const connect = hasDisplay() ? createGpuPages(mainFolder, log).connect : withoutGpuPage
  const host = processHost({
    createLab: () =>
      createLab({
        spawn: utilityTrainer(join(mainFolder, 'trainer.js'), connect),
        spawnAnalysis: utilityAnalysis(join(mainFolder, 'analysis-process.js')),
        spawnExport: utilityExport(join(mainFolder, 'export-process.js')),
        drawReport: drawInProcess(utilityReport(join(mainFolder, 'report-process.js'))),
        drawFigure: figureInProcess(utilityReport(join(mainFolder, 'report-process.js'))),
        paths,
        log,
        versions: versions()
      }),
    log,
    rendererFolder: join(mainFolder, '../renderer'),
    version: app.getVersion()
  })
  app.exit(await commandLine(argv, host))
}

/** Pages need one, also where none of them is shown. */
function hasDisplay({ DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv = process.env): boolean {
  return process.platform !== 'linux' || Boolean(DISPLAY || WAYLAND_DISPLAY)
}
