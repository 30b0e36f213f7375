// `lab data`: lists the data sets, adds one and says what was understood of it, removes one.
import * as v from 'valibot'
import {
  DATASET_NAME_EXPECTED,
  DatasetNameSchema,
  FASHION_PUBLISHER,
  type AddedDataset,
  type ListedDataset
} from '@shared/dataset'
import { LabError } from '@shared/errors'
import { formatBytes, formatCount } from '@shared/format'
import { plainText } from '@shared/plain-text'
import type { Lab } from '../lab/lab'
import { cancellable, followProgress, INTERRUPTED } from './cancellable'
import type { ValueOption } from './experiment-options'
import type { CliHost } from './host'
import { writeJsonLine } from './progress'
import { formatTable, type Column } from './table'
import { unusable } from './usage-error'
import { withLab } from './with-lab'

const FASHION = 'fashion-mnist'
export const ADD_EXPECTED = `the path of IDX, NPZ or CSV files or of a folder of PNG or JPEG images, or ${FASHION}`

export interface AddChoice {
  name?: string
  title?: string
  transpose?: true
  invert?: true
  from?: string
  download?: true
}

export const nameOption: ValueOption<string> = {
  flags: '--name <name>',
  description: 'name of the new data set',
  expected: DATASET_NAME_EXPECTED,
  parse(text) {
    if (v.is(DatasetNameSchema, text)) return text
    throw unusable('--name', text, DATASET_NAME_EXPECTED)
  }
}

const columns: Column<ListedDataset>[] = [
  { title: 'name', align: 'left', text: ({ name }) => name },
  { title: 'training', align: 'right', text: ({ trainCount }) => formatCount(trainCount) },
  { title: 'test', align: 'right', text: ({ testCount }) => formatCount(testCount) },
  { title: 'pixels', align: 'right', text: ({ rows, columns }) => `${rows} × ${columns}` },
  { title: 'classes', align: 'right', text: ({ classes }) => formatCount(classes?.length ?? 10) },
  { title: 'on disk', align: 'right', text: ({ bytes }) => formatBytes(bytes) },
  { title: 'title', align: 'left', text: ({ title }) => title }
]

/** The data sets, and those that could be added at once. */
export async function listData(host: CliHost, json: boolean): Promise<void> {
  const { datasets, takeable } = await withLab(host, ({ calls }) => calls.listDatasets())
  if (json) return datasets.forEach((dataset) => writeJsonLine(host.stdout, dataset))
  host.stdout.write(formatTable(columns, datasets))
  for (const { name, folder } of takeable) {
    if (folder === null) continue
    host.stdout.write(
      `\n${name} is on this computer, in ${plainText(folder)}. To add it: ${host.program} data add ${name}\n`
    )
  }
}

/** Adds what the user names and prints what was understood. Answers with the exit code. Throws LabError. */
export async function addToData(host: CliHost, what: string, choice: AddChoice): Promise<number> {
  const isFashion = what === FASHION
  checkChoice(what, isFashion, choice)
  const added = await withLab(host, (lab) =>
    cancellable(host, 'Reading', ({ signal, onProgress }) => {
      followProgress(lab, 'dataProgress', onProgress)
      signal.addEventListener('abort', () => void lab.calls.cancelReading())
      return add(host, lab, what, choice)
    })
  )
  if (added === null) return INTERRUPTED
  for (const line of understood(added)) host.stdout.write(`${plainText(line)}\n`)
  host.stdout.write(`\nAdded as ${added.name}. To train on it: ${host.program} run --data ${added.name}\n`)
  return 0
}

export async function removeFromData(host: CliHost, name: string): Promise<void> {
  if (!v.is(DatasetNameSchema, name)) throw unusable('The name', name, DATASET_NAME_EXPECTED)
  await withLab(host, ({ calls }) => calls.removeDataset(name))
  host.stdout.write(`Removed ${name}\n`)
}

function checkChoice(
  what: string,
  isFashion: boolean,
  { name, title, transpose, invert, from, download }: AddChoice
): void {
  const refuse = (problem: string, remedy: string) => new LabError('bad-value', problem, { remedy })
  if (!isFashion && (from !== undefined || download)) {
    throw refuse(`${download ? '--download' : '--from'} is for ${FASHION} alone`, 'Give the path itself')
  }
  if (!isFashion && name === undefined)
    throw unusable('--name', '', DATASET_NAME_EXPECTED, `As in: data add ${what} --name my-data`)
  if (isFashion && (name !== undefined || title !== undefined || transpose || invert)) {
    throw refuse(
      `${FASHION} is added as it is, under its own name`,
      `To change it, add the folder of its files under another name`
    )
  }
  if (from !== undefined && download)
    throw refuse('--from and --download both say where the files are', 'Give one of them')
}

function add(host: CliHost, lab: Lab, what: string, choice: AddChoice): Promise<AddedDataset> {
  const { name = '', title, transpose = false, invert = false, from = null, download } = choice
  if (download) host.stderr.write(`Fetching ${FASHION} from ${FASHION_PUBLISHER}, 31 MB …\n`)
  if (download) return lab.downloadFashion()
  if (what === FASHION) return lab.calls.addDataset({ wellKnown: FASHION, from })
  return lab.calls.addDataset({
    path: what,
    name,
    ...(title !== undefined && { title }),
    changes: { transpose, invert }
  })
}

function understood({ kind, rows, columns, trainCount, testCount, classes = [], notes }: AddedDataset): string[] {
  const shown = classes.length > 12 ? `${classes.slice(0, 12).join(', ')}, …` : classes.join(', ')
  return [
    `Understood as ${kind}: ${formatCount(trainCount + testCount)} images of ${rows} × ${columns} pixels`,
    `${formatCount(trainCount)} for training, ${formatCount(testCount)} for the test`,
    `${classes.length === 1 ? '1 class' : `${formatCount(classes.length)} classes`}: ${shown}`,
    ...notes
  ]
}
