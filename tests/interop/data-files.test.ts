// Tables, event files and the run as one file, read by pandas, TensorBoard and Python's zipfile.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunFile } from '../../src/shared/run'
import { quietly } from '../../src/main/data/readers/read-images'
import { kerasScript, notebook, pytorchScript } from '../../src/main/export/code/scripts'
import { lossesCsv } from '../../src/main/export/losses-csv'
import { modelsCsv } from '../../src/main/export/model-table'
import { tensorboardFiles } from '../../src/main/export/tensorboard'
import { packRun } from '../../src/main/lab/pack-run'
import { runFolderFiles, writeRunFile } from '../../src/main/lab/run-folder'
import { hostileName } from '../fixtures/exported-model'
import { fixtureDigits, fixtureProbes, fixtureRun } from '../fixtures/run-file'
import { lackOf, python } from './python-tools'

const names = ['=cmd|"x"!A1', 'מודל 🙂 模型', 'a, b; c', '-1', 'x'.repeat(80)]
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-interop-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('pandas reads the table of all runs, names in any script and all digits of numbers', async ({ skip }) => {
  skip(lackOf('pandas') !== null, `${lackOf('pandas')}`)
  const path = join(folder, 'models.csv')
  const runs = names.map((name) => ({ file: fixtureRun({ name, latentDims: [2, 16], epochs: 3 }), state: 'finished' as const, tags: ['a', 'b'], note: 'two\nlines "quoted"' })) // prettier-ignore
  await writeFile(path, modelsCsv(runs))
  const read = python(
    `import json, pandas, sys
table = pandas.read_csv(sys.argv[1])
print(json.dumps({"columns": list(table.columns)[:3], "names": list(table.name), "notes": list(table.note.unique()), "losses": list(table.valLoss), "kinds": [str(table[c].dtype) for c in ("seed", "latentDim", "learningRate", "psnr", "seconds")]}))`,
    path
  ) as { columns: string[]; names: string[]; notes: string[]; losses: number[]; kinds: string[] }
  expect(read.columns).toEqual(['run', 'name', 'createdAt']) // without the byte order mark
  expect(read.names).toEqual(names.map((name) => name.replace(/^[=-]/, "'$&")).flatMap((name) => [name, name]))
  expect(read.notes).toEqual(['two\nlines "quoted"'])
  expect(read.losses).toEqual(runs.flatMap(({ file }) => file.models.map(({ history }) => history.valLoss[2])))
  expect(read.kinds).toEqual(['int64', 'int64', 'float64', 'float64', 'float64'])
})

test('pandas reads the losses of a run', async ({ skip }) => {
  skip(lackOf('pandas') !== null, `${lackOf('pandas')}`)
  const path = join(folder, 'losses.csv')
  const run = fixtureRun({ latentDims: [2, 16], epochs: 3 })
  await writeFile(path, lossesCsv(run))
  const pivot = python(
    `import json, pandas, sys
table = pandas.read_csv(sys.argv[1]).pivot(index="epoch", columns="model", values="trainLoss")
print(json.dumps({model: list(table[model]) for model in table}))`,
    path
  )
  expect(pivot).toEqual(Object.fromEntries(run.models.map(({ id, history }) => [id, history.trainLoss])))
})

test('TensorBoard reads the scalars, the pictures and the hyperparameters of each model', async ({ skip }) => {
  skip(lackOf('tensorboard') !== null, `${lackOf('tensorboard')}`)
  const run = { ...fixtureRun({ latentDims: [2, 16], epochs: 3 }), epochSeconds: [2, 4.5, 6] }
  const images = { originals: async () => fixtureProbes().pixels, reconstructions: async () => fixtureDigits(2) }
  for (const { name, content } of await tensorboardFiles(run, images)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  const read = python(
    `import json, os, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata
def of(folder):
    events = EventAccumulator(folder, size_guidance={"scalars": 0})
    events.Reload()
    scalars = {tag: [[e.step, e.wall_time, e.value] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}
    images = events.Images("reconstructions")
    start = metadata.parse_session_start_info_plugin_data(events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content)
    hparams = {k: v.number_value if v.HasField("number_value") else v.string_value for k, v in start.hparams.items()}
    return {"scalars": scalars, "images": [[i.step, i.width, i.height, i.encoded_image_string[1:4].decode()] for i in images], "hparams": hparams}
print(json.dumps({model: of(os.path.join(sys.argv[1], model)) for model in sorted(os.listdir(sys.argv[1]))}))`,
    folder
  ) as Record<string, { scalars: Record<string, number[][]>; images: unknown[]; hparams: Record<string, unknown> }>
  expect(Object.keys(read).sort()).toEqual(['d=16', 'd=2'])
  const began = Date.parse(run.createdAt) / 1000
  run.models.forEach(({ id, latentDim, history, metrics }) => {
    const points = (losses: readonly (number | null)[]) =>
      losses.map((loss, index) => [index + 1, began + (run.epochSeconds[index] ?? 0), Math.fround(loss ?? NaN)])
    expect(read[id]?.scalars).toEqual({
      'loss/training': points(history.trainLoss),
      'loss/validation': points(history.valLoss),
      'mse/validation': points(history.valMse),
      ...Object.fromEntries(
        (['bce', 'mse', 'psnr', 'ssim'] as const).map((key) => [
          `last/${key}`,
          [[3, began + 6, Math.fround(metrics?.[key] ?? NaN)]]
        ])
      )
    })
    expect(read[id]?.images).toEqual([1, 2, 3].map((epoch) => [epoch, 280, 112, 'PNG']))
    expect(read[id]?.hparams).toMatchObject({ latentDim, seed: run.models[0]?.seed, optimizer: 'adam', hidden: 'none' })
  })
})

test('Python’s zipfile finds a run’s one file whole, and its manifest true', async ({ skip }) => {
  skip(lackOf('zipfile') !== null, `${lackOf('zipfile')}`)
  const run = join(folder, 'run')
  await mkdir(join(run, 'weights'), { recursive: true })
  await writeRunFile(run, fixtureRun({ latentDims: [2, 16], epochs: 3 }))
  await writeFile(runFolderFiles(run).digits, fixtureDigits(6))
  await writeFile(join(run, 'weights', '0001.safetensors'), new Uint8Array(300_000).fill(7))
  const out = join(folder, 'run.bottleneck')
  await packRun(run, out, { weights: true, analyses: true, force: false }, quietly)
  const read = python(
    `import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    print(json.dumps({"bad": z.testzip(), "dates": sorted({i.date_time for i in z.infolist()}), "digests": {n: hashlib.sha256(z.read(n)).hexdigest() for n in z.namelist()}, "manifest": json.loads(z.read("manifest.json"))}))`,
    out
  ) as { bad: unknown; dates: number[][]; digests: Record<string, string>; manifest: { files: { name: string; sha256: string }[] } } // prettier-ignore
  expect(read.bad).toBeNull()
  expect(read.dates).toEqual([[1980, 1, 1, 0, 0, 0]])
  const { 'manifest.json': _, ...digests } = read.digests
  expect(Object.fromEntries(read.manifest.files.map(({ name, sha256 }) => [name, sha256]))).toEqual(digests)
  const digest = createHash('sha256')
    .update(await readFile(join(run, 'run.json')))
    .digest('hex')
  expect(digests['run.json']).toBe(digest)
})

test('no name becomes code: Python sees the same script, and the same cells, whatever an experiment is called', ({
  skip
}) => {
  skip(lackOf('ast') !== null, `${lackOf('ast')}`)
  const trees = (run: RunFile) => {
    const path = join(folder, 'code.json')
    writeFileSync(path, JSON.stringify([kerasScript(run), pytorchScript(run), notebook(run)]))
    return python(
      `import ast, json, sys
keras, pytorch, notebook = json.load(open(sys.argv[1], encoding="utf-8"))
cells = [cell["source"] for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code" and not cell["source"].startswith("%")]
print(json.dumps([ast.dump(ast.parse(code.encode("utf-8", "replace"))) for code in [keras, pytorch, *cells]]))`,
      path
    )
  }
  const plain = fixtureRun({ latentDims: [2] })
  const expected = trees(plain)
  const others = ['\u2029import os', 'coding: no-such-encoding', 'x\\', '\ud83d', '"""', "'''", 'x'.repeat(300)]
  for (const name of [...names, ...others, hostileName]) {
    const experiment = { ...plain.experiment, name }
    const dataset = { ...plain.dataset, title: name }
    expect(trees({ ...plain, id: `a-${name}`, experiment, dataset }), name).toEqual(expected)
  }
})
