// Fills the form of a new experiment and starts it, as a user does; reads the run that comes of it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'

const articleDims = [2, 8, 16, 32, 64, 128]

export interface Recipe {
  name: string
  /** A part of the article's latent dimensions. */
  dims: readonly number[]
  epochs: number
  trainLimit: number
  seed?: number
  /** Name of one that is not MNIST. */
  dataset?: string
}

/** Opens the form and fills it; the rest is the article's. */
export async function setUpExperiment(page: Page, recipe: Recipe): Promise<void> {
  await expect(page.getByRole('button', { name: 'New experiment' })).toBeVisible()
  const name = page.getByLabel('Name', { exact: true })
  await expect(async () => {
    await page.keyboard.press('Control+n') // not heard by a page whose dialog is just closing
    await expect(name).toBeVisible({ timeout: 2000 })
  }).toPass()
  await name.fill(recipe.name)
  for (const dim of articleDims.filter((value) => !recipe.dims.includes(value))) {
    await page.getByRole('button', { name: `Remove d = ${dim}`, exact: true }).click()
  }
  if (recipe.dataset) await page.getByRole('radio', { name: recipe.dataset }).check({ force: true })
  await page.getByLabel('Epochs', { exact: true }).fill(String(recipe.epochs))
  await page.getByLabel('Training images', { exact: true }).fill(String(recipe.trainLimit))
  await page.getByLabel('Seed', { exact: true }).fill(String(recipe.seed ?? 0))
}

export async function startTraining(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start training' }).click()
  await expect(page.locator('.status')).toBeVisible()
}

/** The part of run.json that tests look at. */
export interface RunFile {
  status: string
  models: { name: string; history: { valLoss: number[] } }[]
}

export function readRun(folder: string): RunFile {
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunFile
}

/** The runs below an application's home, the oldest first. */
export function readRuns(home: string): RunFile[] {
  const runs = join(home, 'data/runs')
  const folders = readdirSync(runs).filter((name) => existsSync(join(runs, name, 'run.json')))
  return folders.sort().map((name) => readRun(join(runs, name)))
}

/** The one run below an application's home. */
export function onlyRun(home: string): RunFile {
  const runs = readRuns(home)
  expect(runs).toHaveLength(1)
  return runs[0] as RunFile
}
