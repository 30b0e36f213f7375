// The article's whole run: 70 epochs, batch 128, six models, validation each epoch. Once in full, or estimated from some epochs.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { presets } from '../src/shared/experiment'
import { recipeOf, type Contender } from './contender'
import { attempt, type Setup } from './setup'
import { spreadOf } from './statistics'

const experiment = presets.article
const recipe = recipeOf(experiment)
const WARM_UP_BATCHES = 20
/** An epoch that takes less is warmed up by a whole one. */
const SHORT_EPOCH_SECONDS = 5

/** How long a contender would take, from so many epochs after a warm-up. */
export interface ArticleEstimate {
  contender: Contender
  seconds: number
  epochs: number
}

/** Estimates the run of each contender that trains; one that fails joins `skipped`. */
export async function estimateArticles(
  contenders: readonly Contender[],
  epochs: number,
  setup: Pick<Setup, 'skipped' | 'say'>
): Promise<ArticleEstimate[]> {
  const estimates: ArticleEstimate[] = []
  for (const contender of contenders) {
    const { name, title } = contender
    const what = { name, title: `${title}: the article` }
    setup.say(`Estimating the article's run: ${title}`)
    const estimated = await attempt(setup, what, () => estimate(contender, epochs))
    if (estimated) estimates.push(estimated)
  }
  return estimates
}

async function estimate(contender: Contender, epochs: number): Promise<ArticleEstimate> {
  const { trainLimit: images, batchSize } = experiment
  const few = WARM_UP_BATCHES * batchSize
  await contender.run({ recipe, images: few, validate: true })
  const { seconds } = await contender.run({ recipe, images: few, validate: false })
  const expectedSeconds = (seconds * images) / few
  if (expectedSeconds < SHORT_EPOCH_SECONDS) await contender.run({ recipe, images, validate: true })
  const measured: number[] = []
  while (measured.length < epochs) {
    measured.push((await contender.run({ recipe, images, validate: true })).seconds)
  }
  return { contender, epochs, seconds: experiment.epochs * spreadOf(measured).median }
}

/** What the run took: `training` as run.json has it, `command` from the command's start to its end, with report and PCA. */
export interface ArticleRun {
  engine: string
  device: string
  training: number
  command: number
}

/** The run in full by the command line at `program`, out/main/index.js, in a folder that is removed afterwards. */
export function runArticle(program: string, engine: string, device: string): ArticleRun {
  const home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-article-'))
  try {
    const out = join(home, 'run')
    const args = ['run', '--preset', 'article', '--engine', engine, '--device', device, '--out', out]
    const began = performance.now()
    execFileSync(process.execPath, [program, ...args], {
      env: { ...process.env, BOTTLENECK_LAB_HOME: home },
      stdio: 'pipe'
    })
    const command = (performance.now() - began) / 1000
    const { seconds: training } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as { seconds: number }
    return { engine, device, training, command }
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}
