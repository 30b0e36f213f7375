// What is chosen in the dialog arrives as one file, made by the process that exports while the window goes on.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { faults } from './axe'
import { setUpExperiment, startTraining } from './experiment'
import { environment, expect, root, test, type OpenedHost } from './host'

test('models and codes are saved for other tools, with the bytes that the command writes', async ({ open, home }) => {
  test.setTimeout(300_000) // a slow machine measures for minutes
  const opened = await open()
  const { page } = opened
  await setUpExperiment(page, { name: '=cmd|<b>"', dims: [2, 8], epochs: 1, trainLimit: 500 })
  await startTraining(page)
  await expect(page.locator('.status')).toContainText('Finished', { timeout: 150_000 })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('other tools')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Export for other tools' })).toBeVisible()
  for (const format of ['ONNX', 'Keras encoder', 'Codes']) await page.getByRole('checkbox', { name: format }).check()
  await page.getByRole('checkbox', { name: 'd=2' }).uncheck()
  await expect(page.getByText('8 files in one ZIP')).toBeVisible()
  await expect(page.getByText(/^import onnxruntime; .*-d=8-encoder\.onnx/)).toBeVisible()
  const script = page.getByRole('checkbox', { name: 'PyTorch script' })
  await script.check()
  await page.getByRole('button', { name: 'Copy all of PyTorch script' }).click()
  await expect(page.getByText(/The text of .*-pytorch\.py is copied/)).toBeVisible()
  expect(await faults(page)).toEqual([])
  await script.uncheck()
  const files = unzipSync(await saved(opened, home))
  const parts = ['encoder', 'decoder', 'autoencoder']
  const endings = [...parts.flatMap((part) => [`${part}.keras`, `${part}.onnx`]), 'codes.csv', 'codes.npz']
  const names = Object.keys(files).map((name) => /^[0-9-]+custom-d=8-(.*)$/.exec(name)?.[1])
  expect(names.sort()).toEqual(endings.sort())
  await expect(page.getByText('The export is saved')).toBeVisible()

  const [id = ''] = /^[0-9-]+custom/.exec(Object.keys(files)[0] ?? '') ?? []
  const out = join(home, 'by-command')
  const choice = ['--what', 'onnx,keras,codes', '--model', 'd=8', '--out', out]
  execFileSync(process.execPath, [join(root, 'out/main/index.js'), 'export', id, ...choice], { env: environment(home) })
  for (const [name, bytes] of Object.entries(files)) {
    expect(Buffer.compare(readFileSync(join(out, name)), bytes), name).toBe(0)
  }
})

test('the source of a report is saved, for who goes on writing in it', async ({ open, home }) => {
  const opened = await open()
  const { page } = opened
  await setUpExperiment(page, { name: 'To be written about', dims: [2, 8], epochs: 1, trainLimit: 500 })
  await startTraining(page)
  await expect(page.locator('.status')).toContainText('Finished', { timeout: 60_000 })
  await page.keyboard.press('Control+e')
  const files = unzipSync(await saved(opened, home, 'Save source (Typst)', 'The report’s source is saved'))
  expect(Object.keys(files)).toEqual(expect.arrayContaining(['README.txt', 'main.typ', 'run.json', 'losses.svg']))
  expect(new TextDecoder().decode(files['document.json'])).toContain('"title": "To be written about"')
})

async function saved(
  { page, application }: OpenedHost,
  home: string,
  button = 'Save',
  said = 'The export is saved'
): Promise<Buffer> {
  const path = join(home, 'export.zip')
  const save = page.getByRole('button', { name: button, exact: true })
  if (application) {
    await application.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath, bookmark: '' })
    }, path)
    await save.click()
    await expect(page.getByText(said)).toBeVisible()
  } else {
    const download = page.waitForEvent('download')
    await save.click()
    await (await download).saveAs(path)
  }
  return readFileSync(path)
}
