// A browser tells no paths: files that are dropped or chosen are sent to the lab, and go when they are given up, with the page too.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { environment, expect, root, test } from './host'

const data = (name: string) => join(root, 'tests/fixtures/data', name)

/** Files that pages have sent and that are still kept, but for the claims of processes. */
function sent(home: string): string[] {
  const folder = join(home, 'cache', 'uploads')
  if (!existsSync(folder)) return []
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
  return all.filter((one) => one.isFile() && one.name !== 'owner.json').map(({ name }) => name)
}

/** Has the browser itself drop a file or folder in the middle of the window, as a file manager would. */
async function drop(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const place = { x: 700, y: 300, data: { items: [], files: [path], dragOperationsMask: 1 } }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...place })
  }
}

test('a folder of pictures is dropped on the form; what was sent goes with the page', async ({ open, home }) => {
  const { page } = await open()
  const folder = join(home, 'pictures')
  for (const part of ['cats', 'dogs']) {
    mkdirSync(join(folder, part), { recursive: true })
    for (let i = 0; i < 60; i++) copyFileSync(data('pictures/grey8.png'), join(folder, part, `${i}.png`))
  }
  await page.getByRole('button', { name: 'New experiment' }).first().click()
  await page.getByRole('button', { name: 'Add data …' }).waitFor()
  await drop(page, folder)
  const dialog = page.getByRole('dialog', { name: 'Add data' })
  await expect(dialog).toContainText('Chosen: the folder pictures')
  await expect(dialog).toContainText('folder of images, 108 images to train on and 12 for the test')
  await expect(dialog).toContainText('2: cats, dogs')
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('pictures')
  expect(sent(home)).toHaveLength(120)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect.poll(() => sent(home)).toEqual([])

  await page.getByRole('button', { name: 'Add data …' }).click()
  await drop(page, data('digits.csv'))
  await expect(dialog).toContainText('Understood asCSV, ')
  expect(sent(home)).toEqual(['digits.csv'])
  await page.close()
  await expect.poll(() => sent(home)).toEqual([])
})

test('what can’t be read is refused by its own name, and nothing of it stays', async ({ open, home }) => {
  const { page } = await open()
  await page.getByRole('button', { name: 'New experiment' }).first().click()
  await page.getByRole('button', { name: 'Add data …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add data' })
  await dialog.getByLabel('Files of images').setInputFiles(data('parts.json'))
  await expect(dialog.getByRole('alert')).toContainText('parts.json')
  await expect(dialog.getByRole('alert')).not.toContainText('uploads')
  await expect.poll(() => sent(home)).toEqual([])
})

test('a run as one file is sent and imported; what is none is refused by its own name, and nothing of it stays', async ({
  open,
  home
}) => {
  const file = join(home, 'my run.bottleneck')
  const small = [
    '--dims',
    '2',
    '--epochs',
    '1',
    '--train-limit',
    '500',
    '--device',
    'cpu',
    '--out',
    join(home, 'elsewhere')
  ]
  for (const args of [
    ['run', ...small],
    ['pack', join(home, 'elsewhere'), '--out', file]
  ]) {
    execFileSync(process.execPath, [join(root, 'out/main/index.js'), ...args], {
      env: environment(home),
      stdio: 'pipe'
    })
  }
  const { page } = await open()
  await page.getByRole('button', { name: 'Sort, import, storage' }).click()
  await page.getByRole('menuitem', { name: /Import a run/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Import a run' })
  await dialog.getByLabel('File of a run').setInputFiles(data('parts.json'))
  await expect(dialog).toContainText('The file parts.json is not usable: found no ZIP file')
  await dialog.getByLabel('File of a run').setInputFiles(file)
  await expect(page.getByText(/is imported: its file was unpacked/)).toBeVisible()
  await expect(page.locator('.status')).toContainText('Finished')
  await expect.poll(() => sent(home)).toEqual([])
  expect(readdirSync(join(home, 'data/runs')).filter((name) => !name.startsWith('.'))).toHaveLength(1)
})
