// All files of one export, one after another: weights and test images are read once, and only where they are wanted.
import { createHash } from 'node:crypto'
import { LabError } from '@shared/errors'
import { modelsOf } from '@shared/experiment'
import { codeUnits, type ModelConfig } from '@shared/model'
import type { RunFile } from '@shared/run'
import { openModels } from '../analysis/analysed-models'
import type { Dataset } from '../data/dataset'
import { loadDataset } from '../data/datasets'
import { availableThreads } from '../system/processor'
import { experimentDigest } from '../trainer/checkpoint'
import { readStandingCheckpoint } from '../trainer/last-checkpoint'
import type { CodesOfImages } from './codes'
import { bytesOf, type ExportedModel } from './exported-model'
import { modelMakers, runMakers } from './makers'
import type { ExportJob } from './messages'
import { plannedFiles } from './registry'
import { runImages } from './run-images'
import type { NamedFile } from '../system/zip'

/** The files in the order of plannedFiles, each made when it is asked for. Throws as readStandingCheckpoint, loadDataset and readDigitsAt. */
export async function* exportedFiles(job: ExportJob): AsyncGenerator<NamedFile> {
  const images = runImages(job)
  const readData = once(() => dataOf(job))
  const readModels = once(() => exportedModels(job))
  for (const planned of plannedFiles(job.file, job.formats, job.models)) {
    const { names } = planned
    if (planned.of === 'run') yield* named(names, await runMakers[planned.key](job.file, images))
    else {
      const exported = (await readModels()).get(planned.model) as ExportedModel
      yield* named(
        names,
        await modelMakers[planned.key](exported, names, async () => codesOf(exported, await readData()))
      )
    }
  }
}

const named = (names: string[], contents: Uint8Array[]) =>
  names.map((name, index) => ({ name, content: contents[index] as Uint8Array }))

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => (made ??= make())
}

/** Throws LabError `bad-file` where it is not what the run was trained on, and as loadDataset. */
async function dataOf({ file, dataFolder }: ExportJob): Promise<Dataset> {
  const dataset = await loadDataset(file.experiment.dataset, dataFolder)
  if (dataset.info.sha256 === file.dataset.sha256) return dataset
  throw new LabError('bad-file', 'The data set is not the one that the run was trained on', {
    found: `SHA-256 ${dataset.info.sha256}`,
    expected: `SHA-256 ${file.dataset.sha256}`,
    remedy: 'Add the former data under that name again, or leave the codes out'
  })
}

/** The chosen models by their place in the run, with the weights of the last complete epoch. */
async function exportedModels(job: ExportJob): Promise<Map<number, ExportedModel>> {
  const { file, models, checkpoint, recorded, version } = job
  const all = modelsOf(file.experiment, file.dataset.rows * file.dataset.columns)
  const owner = { experiment: file.experiment, models: all, datasetSha256: file.dataset.sha256, recorded }
  const { states, history } = await readStandingCheckpoint(checkpoint, owner)
  return new Map(
    models.map((index) => {
      const model = all[index] as ModelConfig
      const weights = states[index]?.weights ?? []
      return [index, { model, weights, provenance: provenanceOf(file, model, weights, history.length, version) }]
    })
  )
}

/** `weights.sha256`: of all weights and biases, layer by layer, as float32, little-endian. */
function provenanceOf(
  file: RunFile,
  { id }: ModelConfig,
  weights: readonly Float32Array[],
  epoch: number,
  version: string
): ExportedModel['provenance'] {
  const digest = createHash('sha256')
  for (const tensor of weights) digest.update(bytesOf(tensor))
  return {
    program: 'Bottleneck Lab',
    version,
    run: file.id,
    created: file.createdAt,
    name: file.experiment.name,
    model: id,
    epoch: String(epoch),
    experiment: JSON.stringify(file.experiment),
    'experiment.sha256': experimentDigest(file.experiment),
    dataset: file.dataset.title,
    'dataset.sha256': file.dataset.sha256,
    'weights.sha256': digest.digest('hex')
  }
}

async function codesOf({ model, weights }: ExportedModel, { test, train }: Dataset): Promise<CodesOfImages> {
  const atWork = await openModels({ models: [model], weights: [[...weights]] }, train, availableThreads())
  try {
    const { code } = await atWork.forward(test, ['code'])
    return { codes: code[0] as Float32Array, units: codeUnits(model.layers), labels: Uint8Array.from(test.labels) }
  } finally {
    await atWork.close()
  }
}
