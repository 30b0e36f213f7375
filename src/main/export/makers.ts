// What makes the files of each format of registry.ts. Loaded where an export is made, and nowhere else.
import type { RunFile } from '@shared/run'
import { chartFiles } from './charts'
import { codesCsv, codesNpz, type CodesOfImages } from './codes'
import { kerasScript, notebook, pytorchScript } from './code/scripts'
import { modelParts, type ExportedModel } from './exported-model'
import { kerasModel } from './keras'
import { lossesCsv } from './losses-csv'
import { onnxModel } from './onnx'
import type { ModelFormatKey, RunFormatKey } from './registry'
import type { RunImages } from './run-images'
import { safetensorsModel } from './safetensors-model'
import { tensorboardFiles } from './tensorboard'
import { tfjsModel } from './tfjs'
import { zipOf } from '../system/zip'

/** The files' bytes in the order of their names. `codes` passes the test images through the model's encoder. */
export type MakeOfModel = (
  exported: ExportedModel,
  names: readonly string[],
  codes: () => Promise<CodesOfImages>
) => Promise<Uint8Array[]>

export type MakeOfRun = (run: RunFile, images: RunImages) => Promise<Uint8Array[]>

export const modelMakers: Readonly<Record<ModelFormatKey, MakeOfModel>> = {
  onnx: async (exported) => modelParts.map((part) => onnxModel(exported, part)),
  async keras(exported) {
    const files: Uint8Array[] = []
    for (const part of modelParts) files.push(await kerasModel(exported, part))
    return files
  },
  safetensors: async (exported) => [safetensorsModel(exported)],
  tfjs: async (exported, names) => modelParts.flatMap((part, n) => tfjsModel(exported, part, names[2 * n + 1] ?? '')),
  async codes({ provenance }, _, codes) {
    const made = await codes()
    return [codesNpz(made, provenance), codesCsv(made)]
  }
}

export const runMakers: Readonly<Record<RunFormatKey, MakeOfRun>> = {
  svg: chartFiles,
  csv: async (run) => [Buffer.from(lossesCsv(run))],
  tensorboard: async (run, images) => [zipOf(await tensorboardFiles(run, images))],
  'script-keras': async (run) => [Buffer.from(kerasScript(run))],
  'script-pytorch': async (run) => [Buffer.from(pytorchScript(run))],
  notebook: async (run) => [Buffer.from(notebook(run))]
}
