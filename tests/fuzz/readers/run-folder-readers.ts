// What lies in a run folder, which may come from anybody.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { modelsOf, presets, type Experiment } from '@shared/experiment'
import type { RunFile } from '@shared/run'
import { isAbandoned, readOwner } from '../../../src/main/lab/owner'
import { summaryOf } from '../../../src/main/lab/run-file'
import { readDigits } from '../../../src/main/lab/digits-file'
import { readRunFile, runFolderFiles, writeRunFile } from '../../../src/main/lab/run-folder'
import { readCheckpoint, writeCheckpoint } from '../../../src/main/trainer/checkpoint'
import { initialState } from '../../../src/main/trainer/initial-state'
import { fixtureRun } from '../../fixtures/run-file'
import { mutateJson } from '../mutate-json'
import { Fault, type FuzzReader } from '../reader'

const fixture = (...parts: string[]) => readFileSync(join('tests/fixtures/runs-format-1', ...parts))

/** A finished run of two models that the present version could have written. */
export function smallRun(): RunFile {
  const run = fixtureRun({ latentDims: [2, 8], epochs: 2 })
  const dataset = { ...run.dataset, name: 'mnist' }
  return {
    ...run,
    dataset,
    digitsSha256: ['a'.repeat(64), null],
    weights: { every: 1, sha256: ['b'.repeat(64), null], problem: 'Full.' }
  }
}

export const runFile: FuzzReader = {
  name: 'run-file',
  form: 'json',
  seeds: () => {
    const seeded = smallRun()
    const varied = fixtureRun({
      epochs: 1,
      experiment: { varied: { key: 'hidden', values: [[], [4]] }, seeds: [1, 2] }
    })
    const { hidden: _, ...base } = { ...presets.article.base, latentDim: 2 }
    const runs = [seeded, { ...varied, experiment: { ...varied.experiment, base } }]
    const older = ['article-finished', 'failed', 'moved', 'stopped-on-tensorflow'].map((name) =>
      fixture(name, 'run.json')
    )
    return [...runs.map((run) => Buffer.from(JSON.stringify(run))), ...older]
  },
  async open(folder) {
    const copy = join(folder, 'copy')
    mkdirSync(copy)
    return {
      async read(input) {
        writeFileSync(runFolderFiles(folder).run, input)
        const file = await readRunFile(folder)
        summaryOf(file, 'finished')
        await readDigits(folder, file, 1, 2)
        await writeRunFile(copy, file)
        const again = JSON.stringify(await readRunFile(copy))
        if (again !== JSON.stringify(file)) throw new Fault('what was read and written is another run')
      }
    }
  }
}

export const digits: FuzzReader = {
  name: 'digits',
  form: 'bytes',
  seeds: () => [fixture('stopped', 'digits.bin'), Buffer.alloc(0), Buffer.alloc(62_720, 7)],
  open(folder) {
    const run = smallRun()
    return {
      async read(input) {
        writeFileSync(runFolderFiles(folder).digits, input)
        for (const [first, last] of [
          [1, 100],
          [2, 2],
          [1, 1],
          [100, 100],
          [2, 1]
        ] as const) {
          const { epochs, pixels } = await readDigits(folder, run, first, last)
          if (pixels.length !== epochs * 2 * 20 * 784) throw new Fault(`${pixels.length} pixels of ${epochs} epochs`)
        }
      }
    }
  }
}

/** Images of 4 pixels: small files, the same reader. */
const PIXELS = 4
const HEADER_LENGTH_BYTES = 8
const experiment: Experiment = {
  ...presets.article,
  base: { ...presets.article.base, trainLimit: 100, batchSize: 30 },
  varied: { key: 'latentDim', values: [2, 1] }
}
const owner = { experiment, models: modelsOf(experiment, PIXELS), datasetSha256: 'a'.repeat(64) }

export const checkpoint: FuzzReader = {
  name: 'checkpoint',
  form: 'bytes',
  async seeds(folder) {
    const path = join(folder, 'seed.safetensors')
    const losses = { trainLoss: [0.1, 0.3], valLoss: [0.2, 0.25], valMse: [5, 6] }
    const states = owner.models.map((model) => ({ ...initialState(model), step: 8 }))
    await writeCheckpoint(path, { states, history: [losses, losses], seconds: 1.5 }, owner)
    return [readFileSync(path), fixture('stopped', 'checkpoint.safetensors').subarray(0, 4000)]
  },
  seal: sealCheckpoint,
  open(folder) {
    const path = runFolderFiles(folder).checkpoint
    return {
      async read(input) {
        writeFileSync(path, input)
        await readCheckpoint(path, owner)
      }
    }
  }
}

/** With a header changed as JSON, its length and the digest that fits: what lies behind the digest is read. */
function sealCheckpoint(input: Buffer, random: () => number): Buffer {
  const end = input.indexOf('}}', HEADER_LENGTH_BYTES) + 2
  if (end < HEADER_LENGTH_BYTES + 2) return input
  const header = input.toString('latin1', HEADER_LENGTH_BYTES, end)
  const text = Buffer.from(random() < 0.8 ? mutateJson(header, random, header, false) : header)
  const whole = Buffer.concat([Buffer.alloc(HEADER_LENGTH_BYTES), text, input.subarray(end)])
  whole.writeBigUInt64LE(BigInt(text.length))
  const digest = whole.indexOf('"sha256":"') + '"sha256":"'.length
  whole.fill('0', digest, digest + 64)
  whole.write(createHash('sha256').update(whole).digest('hex'), digest)
  return whole
}

export const ownerFile: FuzzReader = {
  name: 'owner',
  form: 'json',
  seeds: () =>
    [{ pid: process.pid, processStart: null, claimedAt: Date.UTC(2030, 1, 1), state: 'running' }].map((claim) =>
      Buffer.from(JSON.stringify(claim))
    ),
  open(folder) {
    return {
      async read(input) {
        writeFileSync(runFolderFiles(folder).owner, input)
        await readOwner(folder)
        await isAbandoned(folder)
      }
    }
  }
}
