// The formats in which a run leaves for other tools, one entry each: what the lab and its views know of them without loading what makes
// their files (makers.ts). A new one: a file beside this one, an entry here, and what makes it there.
import { modelIdsOf } from '@shared/experiment'
import { usableStem } from '@shared/file-stem'
import type { RunFile } from '@shared/run'
import { chartNames } from './chart-names'
import { modelParts } from './exported-model'

export interface ExportFormat {
  key: string
  /** For people. */
  label: string
  /** What it writes, for people: follows a colon. */
  writes: string
  /** The names of its files, which begin with `stem`. */
  names(stem: string, run: RunFile): string[]
  /** The line of code, or the command, that opens them in the other tool. */
  loads(stem: string): string
  /** Written once for the run, or once for each model. */
  of: 'run' | 'model'
  /** Its one file is text, which may be wanted on the clipboard. */
  isText?: true
}

const parts = (stem: string, ending: string) => modelParts.map((part) => `${stem}-${part}${ending}`)

const formats = [
  {
    key: 'onnx',
    label: 'ONNX',
    writes: 'encoder, decoder and autoencoder of each model, for ONNX Runtime and others',
    of: 'model',
    names: (stem) => parts(stem, '.onnx'),
    loads: (stem) =>
      `import onnxruntime; codes = onnxruntime.InferenceSession("${stem}-encoder.onnx").run(None, {"images": images})[0]`
  },
  {
    key: 'keras',
    label: 'Keras',
    writes: 'encoder, decoder and autoencoder of each model, for Keras 3',
    of: 'model',
    names: (stem) => parts(stem, '.keras'),
    loads: (stem) => `import keras; encoder = keras.saving.load_model("${stem}-encoder.keras")`
  },
  {
    key: 'safetensors',
    label: 'SafeTensors',
    writes: 'the weights of each model, for PyTorch, JAX, NumPy and others',
    of: 'model',
    names: (stem) => [`${stem}.safetensors`],
    loads: (stem) => `from safetensors.numpy import load_file; weights = load_file("${stem}.safetensors")`
  },
  {
    key: 'tfjs',
    label: 'TensorFlow.js',
    writes: 'encoder, decoder and autoencoder of each model as layers models',
    of: 'model',
    names: (stem) => modelParts.flatMap((part) => [`${stem}-${part}.json`, `${stem}-${part}.weights.bin`]),
    loads: (stem) => `const encoder = await tf.loadLayersModel('${stem}-encoder.json')`
  },
  {
    key: 'codes',
    label: 'Codes',
    writes: 'the codes of all test images by each model, with their labels, as NPZ and CSV',
    of: 'model',
    names: (stem) => [`${stem}-codes.npz`, `${stem}-codes.csv`],
    loads: (stem) => `import numpy; codes = numpy.load("${stem}-codes.npz")["codes"]`
  },
  {
    key: 'csv',
    label: 'CSV',
    writes: 'training and validation loss of each model and epoch',
    of: 'run',
    isText: true,
    names: (stem) => [`${stem}-losses.csv`],
    loads: (stem) => `import pandas; losses = pandas.read_csv("${stem}-losses.csv")`
  },
  {
    key: 'svg',
    label: 'SVG',
    writes: 'the charts of losses and quality as figures as wide as two columns of a page',
    of: 'run',
    names: (stem, run) => chartNames(run).map((name) => `${stem}-${name}.svg`),
    loads: (stem) => `inkscape ${stem}-losses.svg`
  },
  {
    key: 'tensorboard',
    label: 'TensorBoard',
    writes: 'event files with the losses, reconstructions and hyperparameters of each model, as one ZIP',
    of: 'run',
    names: (stem) => [`${stem}-tensorboard.zip`],
    loads: (stem) =>
      `python -m zipfile -e ${stem}-tensorboard.zip ${stem}-tensorboard && tensorboard --logdir ${stem}-tensorboard`
  },
  {
    key: 'script-keras',
    label: 'Keras script',
    writes: 'the experiment as a script that trains the same models with Keras 3',
    of: 'run',
    isText: true,
    names: (stem) => [`${stem}-keras.py`],
    loads: (stem) => `python ${stem}-keras.py`
  },
  {
    key: 'script-pytorch',
    label: 'PyTorch script',
    writes: 'the experiment as a script that trains the same models with PyTorch',
    of: 'run',
    isText: true,
    names: (stem) => [`${stem}-pytorch.py`],
    loads: (stem) => `python ${stem}-pytorch.py`
  },
  {
    key: 'notebook',
    label: 'Jupyter notebook',
    writes: 'the experiment as a notebook that trains the same models with Keras 3',
    of: 'run',
    isText: true,
    names: (stem) => [`${stem}.ipynb`],
    loads: (stem) => `jupyter lab ${stem}.ipynb`
  }
] as const satisfies readonly ExportFormat[]

type FormatOf<Of extends ExportFormat['of']> = Extract<(typeof formats)[number], { of: Of }>
export type ModelFormatKey = FormatOf<'model'>['key']
export type RunFormatKey = FormatOf<'run'>['key']

export const exportFormats: readonly FormatOf<ExportFormat['of']>[] = formats

/** Files that one format makes of the run, or of one model. */
export type PlannedFiles = { names: string[] } & (
  { of: 'run'; key: RunFormatKey } | { of: 'model'; key: ModelFormatKey; model: number }
)

/** All that an export makes, in this order. `models`: where the chosen ones stand among the run's. */
export function plannedFiles(file: RunFile, keys: readonly string[], models: readonly number[]): PlannedFiles[] {
  const chosen = exportFormats.filter(({ key }) => keys.includes(key))
  const ids = modelIdsOf(file.experiment)
  const ofRun = chosen.flatMap(({ of, key, names }) =>
    of === 'run' ? [{ of, key, names: names(stemOf(file), file) }] : []
  )
  const ofModels = models.flatMap((model) => {
    const stem = modelStem(file, ids[model] ?? '')
    return chosen.flatMap(({ of, key, names }) => (of === 'model' ? [{ of, key, names: names(stem), model }] : []))
  })
  return [...ofRun, ...ofModels]
}

const LONGEST_STEM = 80

/** What the names of a run's files begin with, of its id: letters, digits and dashes alone, whatever stands in its run.json. */
export function stemOf({ id }: Pick<RunFile, 'id'>): string {
  const plain = id
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, LONGEST_STEM)
    .replace(/^-+|-+$/g, '')
  return usableStem(plain || 'run')
}

/** The same of one model. Ids of models hold letters, digits and `= - . _`. */
export function modelStem(run: Pick<RunFile, 'id'>, modelId: string): string {
  return `${stemOf(run)}-${modelId}`
}
