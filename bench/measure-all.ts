// The order in which a run of the bench measures, and what it leaves out.
import { datasetNamed } from '../src/main/data/dataset'
import { appPaths } from '../src/main/system/paths'
import { availableThreads } from '../src/main/system/processor'
import { createEngines } from '../src/main/trainer/engines'
import { presets } from '../src/shared/experiment'
import { runArticle } from './article'
import { compareKernels, compareSteps } from './compare'
import { measureEpochEnds } from './epoch-end'
import { measurePeak } from './limit'
import { measureMemory } from './memory'
import type { BenchOptions } from './options'
import { describeMachine, type Results } from './results'
import { attempt, built, type Setup } from './setup'

const MEMORY_EPOCHS = 30
const { base, ...preset } = presets['keras-blog']

/** Measures what the options ask for. What can't be measured is in `skipped` with its reason. */
export async function measureAll(root: string, options: BenchOptions, say: Setup['say']): Promise<Results> {
  const source = datasetNamed(preset.dataset)
  const dataFolder = source.folder()
  const setup: Setup = {
    root,
    options,
    dataset: await source.load(dataFolder),
    dataFolder,
    threads: availableThreads(),
    ...createEngines({ tensorflowWorker: built({ root }, 'tensorflow-worker.js') }),
    skipped: [],
    say
  }
  const part = <Found>(name: string, wanted: boolean, title: string, work: () => Found | Promise<Found>) => {
    if (!wanted) return Promise.resolve(null)
    say(title)
    return attempt(setup, { name, title }, work)
  }
  const asks = (name: BenchOptions['parts'][number]) => options.parts.includes(name)
  return {
    format: 2,
    measuredAt: new Date().toISOString(),
    machine: describeMachine(setup.threads),
    comparisons: (await part('steps', asks('steps'), 'Steps', () => compareSteps(setup))) ?? [],
    kernels: (await part('kernels', asks('kernels'), 'Instruction sets', () => compareKernels(setup))) ?? [],
    epochEnds: await part('epoch-end', asks('epoch-end'), "Epochs' ends", () => measureEpochEnds(setup)),
    memory: await part('memory', asks('memory'), `The trainer's size over ${MEMORY_EPOCHS} epochs`, () =>
      measureMemory({
        experiment: { ...preset, base: { ...base, epochs: MEMORY_EPOCHS } },
        device: 'cpu',
        trainerPath: built(setup, 'trainer.js'),
        dataFolder,
        cacheFolder: appPaths().cache
      })
    ),
    article: await part('article', options.article, "The article's 70 epochs in full", () => runArticle(setup, 'cpu')),
    peak: await part('peak', options.article && options.peers.includes('numpy'), "The processor's peak", () =>
      measurePeak(setup)
    ),
    skipped: setup.skipped
  }
}
