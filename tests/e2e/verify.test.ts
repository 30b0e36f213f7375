// A report that is dropped on the window: whether it is as it was written, and what it reports, without its run.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { faults } from './axe'
import { environment, expect, root, test } from './host'

/** The report of a small run outside the runs folder. */
function reportElsewhere(home: string): string {
  const out = join(home, 'elsewhere')
  const args = ['run', '--dims', '2,8', '--epochs', '2', '--train-limit', '1000', '--device', 'cpu', '--out', out]
  execFileSync(process.execPath, [join(root, 'out/main/index.js'), ...args], { env: environment(home), stdio: 'pipe' })
  return join(out, 'report.pdf')
}

async function dropOnMain(page: Page, file: string): Promise<void> {
  const box = await page.getByRole('main').boundingBox()
  if (!box) throw new Error('needs the window')
  const session = await page.context().newCDPSession(page)
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', {
      type,
      ...at,
      data: { items: [], files: [file], dragOperationsMask: 1 }
    })
  }
}

test('a dropped report is verified, and shows the run without having it', async ({ open, home }) => {
  const file = reportElsewhere(home)
  const { page } = await open()
  const dialog = page.getByRole('dialog', { name: 'Verify a report' })
  await expect(async () => {
    await dropOnMain(page, file) // again where the window was not there yet to hear it
    await expect(dialog).toBeVisible({ timeout: 10_000 })
  }).toPass({ timeout: 60_000 })
  await expect(dialog.getByText('Nothing has changed since it was written.')).toBeVisible({ timeout: 60_000 })
  await expect(dialog.getByRole('row', { name: /^d=8/ })).toBeVisible()
  await expect(dialog.getByText('They do not show who wrote it')).toBeVisible()
  expect(await faults(page)).toEqual([])
  if (process.env.VERIFY_PICTURES)
    await page.screenshot({ path: `${process.env.VERIFY_PICTURES}/unchanged-${Date.now()}.png` })
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  const changed = join(home, 'changed.pdf')
  const bytes = readFileSync(file)
  bytes[bytes.indexOf('ModifyDate>2') + 11] = 0x33
  writeFileSync(changed, bytes)
  await dropOnMain(page, changed)
  await expect(dialog.getByText(/^It was changed since it was written, elsewhere/)).toBeVisible({ timeout: 60_000 })
  if (process.env.VERIFY_PICTURES)
    await page.screenshot({ path: `${process.env.VERIFY_PICTURES}/changed-${Date.now()}.png` })
  writeFileSync(changed, 'no PDF')
  await dialog.getByLabel('Report').setInputFiles(changed)
  await expect(dialog.getByText('a file that is no PDF')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('navigation', { name: 'Runs' }).locator('.run')).toHaveCount(0)
})
