// All files of one export, one after another: the weights are read once, and the test images only where codes are wanted.
import { createHash } from 'node:crypto'
import { LabError } from '@shared/errors'
import { modelsOf } from '@shared/experiment'
import { codeUnits, type ModelConfig } from '@shared/model'
import type { RunFile } from '@shared/run'
import { openModels } from '../analysis/analysed-models'
import type { Dataset } from '../data/dataset'
import { loadDataset } from '../data/datasets'
import { availableThreads } from '../system/processor'
import { experimentDigest, readCheckpoint } from '../trainer/checkpoint'
import type { CodesOfImages } from './codes'
import { bytesOf, type ExportedModel } from './exported-model'
import type { ExportJob } from './messages'
import { exportFormats, modelStem, stemOf, type ModelFormat, type RunFormat } from './registry'
import type { NamedFile } from './zip'

/** The files, each made when it is asked for. Throws as readCheckpoint and loadDataset. */
export async function* exportedFiles(job: ExportJob): AsyncGenerator<NamedFile> {
  const { file } = job
  const chosen = exportFormats.filter(({ key }) => job.formats.includes(key))
  const ofModels = chosen.filter((format): format is ModelFormat => format.of === 'model')
  const ofRun = chosen.filter((format): format is RunFormat => format.of === 'run')
  for (const format of ofRun) yield* named(format.names(stemOf(file), file), await format.make(file))
  if (ofModels.length === 0) return
  const readData = once(() => dataOf(job))
  for (const exported of await exportedModels(job)) {
    const stem = modelStem(file, exported.model.id)
    const codes = once(async () => codesOf(exported, await readData()))
    for (const format of ofModels) yield* named(format.names(stem, file), await format.make(exported, stem, codes))
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

/** The chosen models with the weights of the last complete epoch. */
async function exportedModels({ file, models, checkpoint, recorded, version }: ExportJob): Promise<ExportedModel[]> {
  const all = modelsOf(file.experiment, file.dataset.rows * file.dataset.columns)
  const owner = { experiment: file.experiment, models: all, datasetSha256: file.dataset.sha256, recorded }
  const { states, history } = await readCheckpoint(checkpoint, owner)
  return models.map((index) => {
    const model = all[index] as ModelConfig
    const weights = states[index]?.weights ?? []
    return { model, weights, provenance: provenanceOf(file, model, weights, history.length, version) }
  })
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
