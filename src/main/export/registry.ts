// The formats in which a run leaves for other tools, one entry each. A new one: a file beside this one, and an entry here.
import type { RunFile } from '@shared/run'
import { chartFiles, chartNames } from './charts'
import { codesCsv, codesNpz, type CodesOfImages } from './codes'
import { kerasScript, notebook, pytorchScript } from './code/scripts'
import { modelParts, type ExportedModel } from './exported-model'
import { kerasModel } from './keras'
import { lossesCsv } from './losses-csv'
import { onnxModel } from './onnx'
import { safetensorsModel } from './safetensors-model'
import { tensorboardFiles } from './tensorboard'
import { tfjsModel } from './tfjs'
import { zipOf } from './zip'

interface Format {
  key: string
  /** For people. */
  label: string
  /** What it writes, for people: follows a colon. */
  writes: string
  /** The names of its files, which begin with `stem`. */
  names(stem: string, run: RunFile): string[]
  /** The line of code, or the command, that opens them in the other tool. */
  loads(stem: string): string
}

/** Written once for each model. */
export interface ModelFormat extends Format {
  of: 'model'
  /** The files' bytes in the order of the names. `codes` passes the test images through the model's encoder. */
  make(exported: ExportedModel, stem: string, codes: () => Promise<CodesOfImages>): Promise<Uint8Array[]>
}

/** Written once for the run. */
export interface RunFormat extends Format {
  of: 'run'
  make(run: RunFile): Uint8Array[] | Promise<Uint8Array[]>
}

export type ExportFormat = ModelFormat | RunFormat

const parts = (stem: string, ending: string) => modelParts.map((part) => `${stem}-${part}${ending}`)

export const exportFormats: readonly ExportFormat[] = [
  {
    key: 'onnx',
    label: 'ONNX',
    writes: 'encoder, decoder and autoencoder of each model, for ONNX Runtime and others',
    of: 'model',
    names: (stem) => parts(stem, '.onnx'),
    loads: (stem) =>
      `import onnxruntime; codes = onnxruntime.InferenceSession("${stem}-encoder.onnx").run(None, {"images": images})[0]`,
    make: async (exported) => modelParts.map((part) => onnxModel(exported, part))
  },
  {
    key: 'keras',
    label: 'Keras',
    writes: 'encoder, decoder and autoencoder of each model, for Keras 3',
    of: 'model',
    names: (stem) => parts(stem, '.keras'),
    loads: (stem) => `import keras; encoder = keras.saving.load_model("${stem}-encoder.keras")`,
    async make(exported) {
      const files: Uint8Array[] = []
      for (const part of modelParts) files.push(await kerasModel(exported, part))
      return files
    }
  },
  {
    key: 'safetensors',
    label: 'SafeTensors',
    writes: 'the weights of each model, for PyTorch, JAX, NumPy and others',
    of: 'model',
    names: (stem) => [`${stem}.safetensors`],
    loads: (stem) => `from safetensors.numpy import load_file; weights = load_file("${stem}.safetensors")`,
    make: async (exported) => [safetensorsModel(exported)]
  },
  {
    key: 'tfjs',
    label: 'TensorFlow.js',
    writes: 'encoder, decoder and autoencoder of each model as layers models',
    of: 'model',
    names: (stem) => modelParts.flatMap((part) => [`${stem}-${part}.json`, weightsName(stem, part)]),
    loads: (stem) => `const encoder = await tf.loadLayersModel('${stem}-encoder.json')`,
    make: async (exported, stem) => modelParts.flatMap((part) => tfjsModel(exported, part, weightsName(stem, part)))
  },
  {
    key: 'codes',
    label: 'Codes',
    writes: 'the codes of all test images by each model, with their labels, as NPZ and CSV',
    of: 'model',
    names: (stem) => [`${stem}-codes.npz`, `${stem}-codes.csv`],
    loads: (stem) => `import numpy; codes = numpy.load("${stem}-codes.npz")["codes"]`,
    async make({ provenance }, _, codes) {
      const made = await codes()
      return [codesNpz(made, provenance), codesCsv(made)]
    }
  },
  {
    key: 'csv',
    label: 'CSV',
    writes: 'training and validation loss of each model and epoch',
    of: 'run',
    names: (stem) => [`${stem}-losses.csv`],
    loads: (stem) => `import pandas; losses = pandas.read_csv("${stem}-losses.csv")`,
    make: (run) => [Buffer.from(lossesCsv(run))]
  },
  {
    key: 'svg',
    label: 'SVG',
    writes: 'the charts of losses and quality as figures as wide as two columns of a page',
    of: 'run',
    names: (stem, run) => chartNames(run).map((name) => `${stem}-${name}.svg`),
    loads: (stem) => `inkscape ${stem}-losses.svg`,
    make: chartFiles
  },
  {
    key: 'tensorboard',
    label: 'TensorBoard',
    writes: 'event files with the losses and hyperparameters of each model, as one ZIP',
    of: 'run',
    names: (stem) => [`${stem}-tensorboard.zip`],
    loads: (stem) =>
      `python -m zipfile -e ${stem}-tensorboard.zip ${stem}-tensorboard && tensorboard --logdir ${stem}-tensorboard`,
    make: (run) => [zipOf(tensorboardFiles(run))]
  },
  {
    key: 'script-keras',
    label: 'Keras script',
    writes: 'the experiment as a script that trains the same models with Keras 3',
    of: 'run',
    names: (stem) => [`${stem}-keras.py`],
    loads: (stem) => `python ${stem}-keras.py`,
    make: (run) => [Buffer.from(kerasScript(run))]
  },
  {
    key: 'script-pytorch',
    label: 'PyTorch script',
    writes: 'the experiment as a script that trains the same models with PyTorch',
    of: 'run',
    names: (stem) => [`${stem}-pytorch.py`],
    loads: (stem) => `python ${stem}-pytorch.py`,
    make: (run) => [Buffer.from(pytorchScript(run))]
  },
  {
    key: 'notebook',
    label: 'Jupyter notebook',
    writes: 'the experiment as a notebook that trains the same models with Keras 3',
    of: 'run',
    names: (stem) => [`${stem}.ipynb`],
    loads: (stem) => `jupyter lab ${stem}.ipynb`,
    make: (run) => [Buffer.from(notebook(run))]
  }
]

const weightsName = (stem: string, part: string) => `${stem}-${part}.weights.bin`

const LONGEST_STEM = 80

/** What the names of a run's files begin with, of its id: letters, digits and dashes alone, whatever stands in its run.json. */
export function stemOf({ id }: Pick<RunFile, 'id'>): string {
  const plain = id.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '')
  return plain.slice(0, LONGEST_STEM) || 'run'
}

/** The same of one model. Ids of models hold letters, digits and `= - . _`. */
export function modelStem(run: Pick<RunFile, 'id'>, modelId: string): string {
  return `${stemOf(run)}-${modelId}`
}
