// The flags of `npm run bench`.
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { appPaths } from '../src/main/system/paths'
import { pythonPeers } from './python-peers'

export interface BenchOptions {
  rounds: number
  /** Names of those in Python that take part. */
  peers: readonly string[]
  python: string
  peersHome: string
  tfjs?: string
  busy: boolean
  manyModels: boolean
  estimates: boolean
  article: boolean
  memory: boolean
  epochEnd: boolean
  profile: boolean
  out: string
  docs: boolean
}

/** As the parser leaves them: `--peers` alone is true. */
type Parsed = Omit<BenchOptions, 'peers'> & { peers?: true | readonly string[] }

const peerNames = pythonPeers.map(({ name }) => name)

const examples = `
Examples:
  npm run bench                                    ours, the products alone, TensorFlow.js where it is installed
  npm run bench -- --peers                         JAX, PyTorch, Keras and NumPy too (needs Python 3.11 or newer)
  npm run bench -- --peers jax --no-estimates      JAX alone
  npm run bench -- --peers --article --memory --epoch-end --profile --docs
                                                   everything, and docs/performance.md with it

Nothing else should run meanwhile. The folder of results has results.json, comparison.svg and report.txt.`

/** Parses the arguments; prints help and ends where asked to, exits 2 on wrong usage. `root` is the repository. */
export function readOptions(args: readonly string[], root: string): BenchOptions {
  const program = new Command('npm run bench --')
    .description('Measures training on this machine against the bare matrix products in it and against other programs.')
    .option('--rounds <n>', 'rounds in which all are measured in turn', whole, 5)
    .option(
      '--peers [names]',
      `measure the peers in Python too, all or some of ${peerNames.join(',')}; installs them on first use (about 8 GB in all on Linux)`,
      namesOfPeers
    )
    .option('--python <program>', 'the Python that makes their folders', 'python3')
    .option('--peers-home <folder>', 'where they are installed', join(appPaths().cache, 'peers'))
    .option('--tfjs <folder>', 'a folder whose node_modules have @tensorflow/tfjs-node with its native part')
    .option('--no-busy', 'leave out the rounds with one core kept busy')
    .option('--no-many-models', 'leave out 24 models against six')
    .option('--no-estimates', "leave out the estimates of the article's run")
    .option('--article', "train the article's 70 epochs in full, and estimate the others from three epochs", false)
    .option('--memory', "follow the trainer's size over 30 epochs", false)
    .option('--epoch-end', 'compare epochs with what their end asks for and without it', false)
    .option('--profile', "print what each type of operator costs, by onnxruntime's profiler", false)
    .option('--out <folder>', 'folder of the results', join(root, 'out/bench-results'))
    .option('--docs', 'write what was measured into docs/performance.md', false)
    .addHelpText('after', examples)
    .exitOverride()
  try {
    const { peers, ...options } = program.parse(args, { from: 'user' }).opts<Parsed>()
    return { ...options, peers: peers === true ? peerNames : (peers ?? []) }
  } catch (error) {
    process.exit((error as { exitCode: number }).exitCode === 0 ? 0 : 2)
  }
}

function namesOfPeers(given: string): readonly string[] {
  const names = given.split(',')
  if (names.every((name) => peerNames.includes(name))) return names
  throw new InvalidArgumentError(`Expected some of ${peerNames.join(', ')}, with commas between.`)
}

function whole(given: string): number {
  const value = Number(given)
  if (Number.isInteger(value) && value >= 1 && value <= 100) return value
  throw new InvalidArgumentError('Expected a whole number from 1 to 100.')
}
