// Entry of the built main process: Electron opens a window or runs a command, plain Node runs a command.
// Each loads only what it needs: the window must not wait for the command line, nor a command for the window.
import { join } from 'node:path'
import { version } from '../../package.json'

/** Electron that is told to be Node (ELECTRON_RUN_AS_NODE) has its version, but is no process of an application. */
const isElectron = process.versions.electron !== undefined && (process as { type?: string }).type !== undefined

void (isElectron ? startElectron() : startNode()).catch(endAfterFailedStart)

async function startElectron(): Promise<void> {
  const { commandArguments, fileArguments } = await import('./desktop/command-arguments')
  const { defaultApp } = process as { defaultApp?: boolean }
  const argv = commandArguments(process.argv.slice(1), defaultApp === true)
  if (argv !== null) return (await import('./desktop/command')).runCommand(__dirname, argv)
  const files = fileArguments(process.argv.slice(1), defaultApp === true, process.cwd())
  const { endAfterFailedOpening } = await import('./desktop/recovery')
  await import('./desktop/app').then(({ startDesktop }) => startDesktop(__dirname, files)).catch(endAfterFailedOpening)
}

async function startNode(): Promise<void> {
  const [
    { commandLine },
    { processHost },
    { createLab },
    { drawInProcess, figureInProcess },
    { forkAnalysis, forkExport, forkReport, forkTrainer },
    { openLog },
    { appPaths }
  ] = await Promise.all([
    import('./cli/main'),
    import('./cli/host'),
    import('./lab/lab'),
    import('./lab/draw-in-process'),
    import('./lab/fork'),
    import('./system/log'),
    import('./system/paths')
  ])
  const paths = appPaths()
  const log = openLog(paths.log)
  const host = processHost({
    createLab: () =>
      createLab({
        spawn: forkTrainer(join(__dirname, 'trainer.js')),
        spawnAnalysis: forkAnalysis(join(__dirname, 'analysis-process.js')),
        spawnExport: forkExport(join(__dirname, 'export-process.js')),
        drawReport: drawInProcess(forkReport(join(__dirname, 'report-process.js'))),
        drawFigure: figureInProcess(forkReport(join(__dirname, 'report-process.js'))),
        paths,
        log
      }),
    log,
    rendererFolder: join(__dirname, '../renderer'),
    version
  })
  process.exitCode = await commandLine(process.argv.slice(2), host)
}

/** A broken installation, most likely: nothing of the application is there to tell of it. */
function endAfterFailedStart(error: unknown): void {
  const [reason] = (error instanceof Error ? error.message : String(error)).split('\n')
  process.stderr.write(`Bottleneck Lab could not start: ${reason}\n`)
  process.exit(1)
}
