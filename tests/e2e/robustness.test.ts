// What may break under a running training, and what the window makes of it. Electron only: the page can't tell processes.
import { spawn } from 'node:child_process'
import type { ElectronApplication, Page } from '@playwright/test'
import { onlyRun, setUpExperiment, startTraining } from './experiment'
import { environment, executable, expect, root, test } from './host'

/** The trainer's process, as Electron counts it. */
function trainerPid(application: ElectronApplication | null): Promise<number | undefined> | undefined {
  return application?.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name === 'Bottleneck Lab trainer')?.pid
  )
}

const long = { name: 'Long', dims: [2, 8], epochs: 300, trainLimit: 4000 }

async function trainSomeEpochs(page: Page): Promise<void> {
  await setUpExperiment(page, long)
  await startTraining(page)
  await expect(page.locator('.status')).toContainText(/Epoch ([3-9]|\d\d+) of 300/)
}

const status = (page: Page) => page.locator('.status')

test('a killed trainer is told, and the run goes on from its last complete epoch', async ({ open }) => {
  const { page, application } = await open()
  await trainSomeEpochs(page)
  const pid = await trainerPid(application)
  expect(pid).toBeDefined()
  process.kill(pid ?? 0, 'SIGKILL')
  await expect(page.getByRole('alert')).toContainText('The trainer process ended unexpectedly')
  await expect(status(page)).toContainText(/Failed in epoch \d+ of 300/)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(status(page)).toContainText(/Epoch ([4-9]|\d\d+) of 300/)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(status(page)).toContainText(/Stopped at epoch/)
})

test('a crashed page comes back and shows the run as it stands', async ({ open }) => {
  const { page, application } = await open()
  await trainSomeEpochs(page)
  const before = await trainerPid(application)
  await application?.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
  })
  // Through the main process: the test driver has lost the page. What a page is asked while it ends has no answer.
  const text = () =>
    application?.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      const answer = contents?.executeJavaScript(`document.querySelector('.status')?.textContent ?? ''`)
      return Promise.race([answer, new Promise<string>((resolve) => setTimeout(() => resolve('no answer'), 500))])
    })
  await expect.poll(text).toMatch(/Epoch \d+ of 300/)
  expect(await trainerPid(application)).toBe(before)
})

test('closing while a run trains asks, and keeps the window on Cancel', async ({ open }) => {
  const { page, application } = await open()
  await trainSomeEpochs(page)
  const asked = await application?.evaluate(async ({ app, dialog, BrowserWindow }) => {
    const messages: string[] = []
    dialog.showMessageBox = (...args: unknown[]) => {
      messages.push((args[args.length - 1] as { message: string }).message)
      return Promise.resolve({ response: 2, checkboxChecked: false })
    }
    BrowserWindow.getAllWindows()[0]?.close()
    await new Promise((resolve) => setTimeout(resolve, 200))
    app.quit()
    await new Promise((resolve) => setTimeout(resolve, 200))
    return { messages, windows: BrowserWindow.getAllWindows().length }
  })
  expect(asked).toEqual({ messages: ['Training is still going on', 'Training is still going on'], windows: 1 })
  await expect(status(page)).toContainText(/Epoch \d+ of 300/)
})

test('stop and quit keeps the complete epochs', async ({ open, home }) => {
  const { page, application } = await open()
  await trainSomeEpochs(page)
  const ended = new Promise((resolve) => application?.process().once('exit', resolve))
  await application?.evaluate(({ dialog, BrowserWindow }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false })
    BrowserWindow.getAllWindows()[0]?.close()
  })
  await ended
  const { status: ending, models } = onlyRun(home)
  expect(ending).toBe('stopped')
  expect(models[0]?.history.valLoss.length).toBeGreaterThanOrEqual(2)
})

test('training goes on without a window, and the application ends with it', async ({ open, home }) => {
  const { page, application } = await open()
  await setUpExperiment(page, { ...long, epochs: 25 })
  await startTraining(page)
  await expect(status(page)).toContainText(/Epoch \d+ of 25/)
  const ended = new Promise((resolve) => application?.process().once('exit', resolve))
  const visible = await application?.evaluate(async ({ dialog, BrowserWindow }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false })
    const [window] = BrowserWindow.getAllWindows()
    window?.close()
    await new Promise((resolve) => setTimeout(resolve, 200))
    return window?.isVisible()
  })
  expect(visible).toBe(false)
  expect(await ended).toBe(0)
  expect(onlyRun(home)).toMatchObject({ status: 'finished' })
})

test('a second start shows the window that is there', async ({ open, home }) => {
  const { application } = await open()
  await application?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
  const second = await startAgain(home)
  expect(second).toBe(0)
  const shown = () =>
    application?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()))
  await expect.poll(shown).toEqual([true])
})

test('size, place and theme are remembered', async ({ open }) => {
  const first = await open()
  const wanted = { x: 40, y: 30, width: 1100, height: 700 }
  await first.application?.evaluate(({ BrowserWindow }, bounds) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(bounds)
  }, wanted)
  await expect(first.page.locator('.window')).toHaveClass(/rail-folded/) // the page has heard of its new size
  await first.page.getByRole('button', { name: 'Settings' }).click()
  await first.page.getByRole('radio', { name: 'Dark' }).click()
  await expect(first.page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await first.close()
  const second = await open()
  await expect(second.page.locator('html')).toHaveAttribute('data-theme', 'dark')
  const found = await second.application?.evaluate(({ BrowserWindow, nativeTheme }) => ({
    size: BrowserWindow.getAllWindows()[0]?.getSize(),
    theme: nativeTheme.themeSource
  }))
  expect(found).toEqual({ size: [1100, 700], theme: 'dark' })
})

test('a shortcut that page and menu share acts once', async ({ open }) => {
  const { page } = await open()
  await page.keyboard.press('Control+b')
  await expect(page.locator('.window')).toHaveClass(/rail-folded/)
  await page.keyboard.press('Control+b')
  await expect(page.locator('.window')).not.toHaveClass(/rail-folded/)
})

/** Exit code of a second instance. */
function startAgain(home: string): Promise<number | null> {
  const child = spawn(executable('electron'), ['--no-sandbox', root], { env: environment(home), stdio: 'ignore' })
  return new Promise((resolve) => child.once('exit', resolve))
}
