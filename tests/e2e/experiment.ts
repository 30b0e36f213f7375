// Fills the form of a new experiment and starts it, as a user does.
import { expect, type Page } from '@playwright/test'

const articleDims = [2, 8, 16, 32, 64, 128]

export interface Recipe {
  name: string
  /** A part of the article's latent dimensions. */
  dims: readonly number[]
  epochs: number
  trainLimit: number
  seed?: number
}

/** Opens the form and fills it; the rest is the article's. */
export async function setUpExperiment(page: Page, recipe: Recipe): Promise<void> {
  await expect(page.getByRole('button', { name: 'New experiment' })).toBeVisible()
  await page.keyboard.press('Control+n')
  await page.getByLabel('Name', { exact: true }).fill(recipe.name)
  for (const dim of articleDims.filter((value) => !recipe.dims.includes(value))) {
    await page.getByRole('button', { name: `Remove d = ${dim}`, exact: true }).click()
  }
  await page.getByLabel('Epochs', { exact: true }).fill(String(recipe.epochs))
  await page.getByLabel('Train on', { exact: true }).fill(String(recipe.trainLimit))
  await page.getByLabel('Seed', { exact: true }).fill(String(recipe.seed ?? 0))
}

export async function startTraining(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start training' }).click()
  await expect(page.locator('.status')).toBeVisible()
}
