// The devices of the machine at hand, on every host: measured from the panel, chosen in the form, named by the badge and the run.
import { setUpExperiment, startTraining } from './experiment'
import { expect, test } from './host'

test('devices are measured, chosen and named', async ({ open }) => {
  const { page } = await open()
  const badge = page.locator('.device > summary')
  await expect(badge).toContainText('CPU')

  await test.step('the panel measures each usable device, by keyboard', async () => {
    await page.keyboard.press('Control+d')
    const panel = page.getByRole('region', { name: 'Device' })
    await expect(panel).toBeFocused()
    await expect(panel.getByRole('heading')).toContainText('Runs train on')
    const measure = panel.getByRole('button', { name: 'Measure' })
    await measure.focus()
    await page.keyboard.press('Enter')
    const usable = panel.getByRole('listitem').filter({ hasText: /Usable\./ })
    await expect(usable.first()).toContainText('ms a step')
    await expect(measure).toHaveText('Measure')
    for (const device of await usable.all()) await expect(device).toContainText('ms a step')
    await page.keyboard.press('Escape')
    await expect(panel).toBeHidden()
  })

  await setUpExperiment(page, { name: 'By name', dims: [2], epochs: 2, trainLimit: 1000 })
  const devices = page.getByRole('radiogroup', { name: 'Device' })
  await test.step('the form leaves the choice to the lab until the user makes it', async () => {
    await expect(devices.getByRole('radio', { name: /^Automatic/ })).toBeChecked()
    await expect(page.locator('.command code')).not.toContainText('--device')
    await devices.getByRole('radio', { name: /^CPU.* ms a step/ }).check()
    await expect(page.locator('.command code')).toContainText('--device cpu')
  })

  await test.step('a run that trains has its device in the badge, and can’t be measured beside', async () => {
    await page.getByLabel('Epochs', { exact: true }).fill('1000')
    await startTraining(page)
    await expect(page.locator('.status')).toContainText(/Epoch \d+ of/)
    await expect(badge).toContainText('chosen by you')
    await page.keyboard.press('Control+d')
    await page.getByRole('button', { name: 'Measure' }).click()
    await expect(page.getByRole('alert')).toContainText('can’t be measured while a run trains')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await expect(page.locator('.status')).toContainText('Stopped', { timeout: 120_000 })
  })
})
