// The article's whole run by the command line: 70 epochs, batch 128, six models, validation each epoch.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { presets } from '../src/shared/experiment'
import { operationsOf } from './limit'
import { built, type Setup } from './setup'

export interface ArticleRun {
  device: string
  /** Seconds as run.json has them: training, validation, checkpoints. */
  training: number
  /** Seconds from the command's start to its end, with report and PCA. */
  command: number
  /** Multiplications and additions that can't be avoided; see limit.ts. */
  operations: number
}

/** Trains it on `device`, in a folder that is removed afterwards. */
export function runArticle(setup: Pick<Setup, 'root' | 'dataset'>, device: string): ArticleRun {
  const home = mkdtempSync(join(tmpdir(), 'bottleneck-lab-article-'))
  try {
    const out = join(home, 'run')
    const args = [built(setup, 'index.js'), 'run', '--preset', 'article', '--device', device, '--out', out]
    const began = performance.now()
    execFileSync(process.execPath, args, { env: { ...process.env, BOTTLENECK_LAB_HOME: home }, stdio: 'pipe' })
    const command = (performance.now() - began) / 1000
    const { seconds: training } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as { seconds: number }
    return { device, training, command, operations: operationsOf(presets.article, setup.dataset) }
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}
