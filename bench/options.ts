// The flags of `npm run bench`.
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { appPaths } from '../src/main/system/paths'
import { pythonPeers } from './python-peers'

/** What is measured unless `--parts` chooses. */
const partNames = ['steps', 'busy', 'kernels', 'epoch-end', 'memory'] as const
type Part = (typeof partNames)[number]

export interface BenchOptions {
  rounds: number
  parts: readonly Part[]
  /** Names of those in Python that take part. */
  peers: readonly string[]
  python: string
  peersHome: string
  tfjs?: string
  article: boolean
  out: string
  docs: boolean
}

/** As the parser leaves them: `--peers` alone is true. */
type Parsed = Omit<BenchOptions, 'peers'> & { peers?: true | readonly string[] }

const peerNames = pythonPeers.map(({ name }) => name)

const examples = `
Parts:
  steps      milliseconds a step of both recipes, all in turns
  busy       the same with one core kept busy (with steps)
  kernels    our instruction sets, on one thread and on all
  epoch-end  what validation and the rest add to an epoch's steps
  memory     the trainer's size over 30 epochs

Examples:
  npm run bench                                    ours, and TensorFlow.js where it is installed
  npm run bench -- --peers                         JAX, PyTorch, Keras and NumPy too (needs Python 3.11 or newer)
  npm run bench -- --parts steps --peers jax        one question
  npm run bench -- --peers --article --docs        everything, and docs/performance.md with it

Nothing else should run meanwhile. The folder of results has results.json and report.txt.`

/** Parses the arguments; prints help and ends where asked to, exits 2 on wrong usage. `root` is the repository. */
export function readOptions(args: readonly string[], root: string): BenchOptions {
  const program = new Command('npm run bench --')
    .description('Measures training on this machine against other programs, as ratios within rounds.')
    .option('--rounds <n>', 'rounds in which all are measured in turns', whole, 5)
    .option('--parts <names>', `some of ${partNames.join(',')}`, namesOf(partNames), partNames)
    .option(
      '--peers [names]',
      `measure the peers in Python too, all or some of ${peerNames.join(',')}; installs them on first use (about 8 GB in all on Linux)`,
      namesOf(peerNames)
    )
    .option('--python <program>', 'the Python that makes their folders', 'python3')
    .option('--peers-home <folder>', 'where they are installed', join(appPaths().cache, 'peers'))
    .option('--tfjs <folder>', 'a folder whose node_modules have @tensorflow/tfjs-node with its native part')
    .option('--article', "train the article's 70 epochs in full by the command line", false)
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

const namesOf =
  <Name extends string>(allowed: readonly Name[]) =>
  (given: string): readonly Name[] => {
    const names = given.split(',')
    if (names.every((name) => allowed.includes(name as Name))) return names as Name[]
    throw new InvalidArgumentError(`Expected some of ${allowed.join(', ')}, with commas between.`)
  }

function whole(given: string): number {
  const value = Number(given)
  if (Number.isInteger(value) && value >= 1 && value <= 100) return value
  throw new InvalidArgumentError('Expected a whole number from 1 to 100.')
}
