// Folders and the window: a run is imported by drop and by choice, shown in its folder, and the runs folder is chosen. The system's dialogs alone are answered by the test.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import { environment, executable, expect, root, test } from './host'

/** Trains a small run into a folder of its own, outside the runs folder. */
function trainElsewhere(home: string): string {
  const out = join(home, 'elsewhere', 'my run')
  mkdirSync(join(home, 'elsewhere'))
  command(home, 'run', '--dims', '2,8', '--epochs', '2', '--train-limit', '1000', '--device', 'cpu', '--out', out)
  return out
}

function command(home: string, ...args: string[]): void {
  execFileSync(process.execPath, [join(root, 'out/main/index.js'), ...args], { env: environment(home), stdio: 'pipe' })
}

/** The same run as one file. */
function packElsewhere(home: string): string {
  const file = join(home, 'elsewhere', 'my run.bottleneck')
  command(home, 'pack', trainElsewhere(home), '--out', file)
  return file
}

const chooses = (application: ElectronApplication, path: string | null) =>
  application.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () =>
      Promise.resolve({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] })
  }, path)

async function dropOnList(page: Page, ...files: string[]): Promise<void> {
  const box = await page.getByRole('navigation', { name: 'Runs' }).boundingBox()
  if (!box) throw new Error('needs the list of runs')
  const session = await page.context().newCDPSession(page)
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at, data: { items: [], files, dragOperationsMask: 1 } })
  }
}

test('a run is imported by drop and shown in its folder', async ({ open, home }) => {
  const from = trainElsewhere(home)
  const { application, page } = await open()
  if (!application) throw new Error('needs Electron')
  const runs = join(home, 'data/runs')

  await dropOnList(page, from)
  await expect(page.getByText(/is imported: its folder was copied/)).toBeVisible()
  await expect(page.locator('.status')).toContainText('Finished')
  const [id = ''] = readdirSync(runs).filter((name) => !name.startsWith('.'))
  expect(existsSync(join(runs, id, 'checkpoint.safetensors'))).toBe(true)

  await application.evaluate(({ shell }) => {
    const seen = globalThis as unknown as { shown: string[] }
    seen.shown = []
    shell.showItemInFolder = (path) => void seen.shown.push(path)
  })
  await page.locator('.run').focus()
  await page.locator('.run').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Show in its folder' }).click()
  const shown = () => application.evaluate(() => (globalThis as unknown as { shown: string[] }).shown)
  await expect.poll(shown).toEqual([join(runs, id, 'run.json')])

  await dropOnList(page, join(home, 'elsewhere'))
  await expect(page.locator('.notice.danger')).toContainText('run.json')
  await dropOnList(page, from)
  await expect(page.locator('.notice.danger')).toContainText('in the runs folder already')
  expect(readdirSync(runs).filter((name) => !name.startsWith('.bottleneck-lab-lab'))).toEqual([id])
})

test('folders are chosen where the system asks for them', async ({ open, home }) => {
  const from = trainElsewhere(home)
  const { application, page } = await open()
  if (!application) throw new Error('needs Electron')

  await test.step('the runs folder, in the settings', async () => {
    const chosen = join(home, 'other runs')
    mkdirSync(chosen)
    await page.getByRole('button', { name: 'Settings' }).first().click()
    const typed = page.getByLabel('Runs folder', { exact: true })
    await expect(typed).not.toHaveValue('')
    const usual = await typed.inputValue()
    await chooses(application, null)
    await page.getByRole('button', { name: 'Choose …' }).click()
    await expect(typed).toHaveValue(usual)
    await chooses(application, chosen)
    await page.getByRole('button', { name: 'Choose …' }).click()
    await expect(page.getByText('Chosen here. Runs elsewhere stay where they are.')).toBeVisible()
    await expect(typed).toHaveValue(chosen)
    await page.keyboard.press('Escape')
  })

  await test.step('a run to import, in its dialog', async () => {
    await page.getByRole('button', { name: 'Sort, import, storage' }).click()
    await page.getByRole('menuitem', { name: /Import a run/ }).click()
    await chooses(application, from)
    await page.getByRole('button', { name: 'Choose folder …' }).click()
    await expect(page.getByLabel(/Path of a .bottleneck file/)).toHaveValue(from)
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await expect(page.getByRole('dialog')).toBeHidden()
    await expect(page.locator('.status')).toContainText('Finished')
    const imported = readdirSync(join(home, 'other runs')).filter((name) => !name.startsWith('.'))
    expect(imported).toHaveLength(1)
  })
})

test('a run as one file is opened by the system, dropped and chosen', async ({ open, home }) => {
  const file = packElsewhere(home)
  const runs = join(home, 'data/runs')
  const imported = () => readdirSync(runs).filter((name) => !name.startsWith('.'))

  const { page, close } = await open(file)
  await expect(page.getByText(/is imported: its file was unpacked/)).toBeVisible()
  await expect(page.locator('.status')).toContainText('Finished')
  expect(imported()).toHaveLength(1)

  await test.step('while the application runs', async () => {
    const args = ['--no-sandbox', root, file] // as Playwright starts it
    spawnSync(executable('electron'), args, { env: environment(home), stdio: 'pipe' })
    await expect(page.getByText(/is in the list already: nothing was copied/)).toBeVisible()
  })
  await close()
  rmSync(join(runs, imported()[0] ?? ''), { recursive: true })

  const again = await open()
  await test.step('by drop', async () => {
    await dropOnList(again.page, file)
    await expect(again.page.getByText(/is imported: its file was unpacked/)).toBeVisible()
  })
  await test.step('by choice', async () => {
    await again.page.getByRole('button', { name: 'Sort, import, storage' }).click()
    await again.page.getByRole('menuitem', { name: /Import a run/ }).click()
    await again.page.getByLabel('File of a run').setInputFiles(file)
    await expect(again.page.getByLabel(/Path of a .bottleneck file/)).toHaveValue(file)
    await again.page.getByRole('button', { name: 'Import', exact: true }).click()
    await expect(again.page.getByText(/is in the list already/)).toBeVisible()
  })
  expect(imported()).toHaveLength(1)
})
