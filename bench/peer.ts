// A peer as a contender: a program that takes work on stdin and answers on stdout, JSON, one object a line (bench/peers/peer.py).
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { stderrTail } from '../src/main/system/stderr-tail'
import type { Contender, ContenderKind, Outcome } from './contender'

/** A peer that has nothing more to do and is not gone by then is killed: some wait for helpers of their own. */
const LEAVING_MILLISECONDS = 5_000

export interface PeerProgram {
  name: string
  kind: ContenderKind
  command: string
  args: readonly string[]
  /** Threads it may use; as many as ours. */
  threads: number
}

/** Starts a peer; resolves when it has read the data and named itself. Rejects with what it wrote last if it ends before. */
export async function openPeer({ name, kind, command, args, threads }: PeerProgram): Promise<Contender> {
  const child = spawn(command, args, { env: peerEnvironment(threads), stdio: 'pipe' })
  const words = stderrTail(child.stderr)
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(new Error(error.message)))
    child.once('close', (code, signal) => {
      reject(new Error(lastLine(words.all()) || `it ended with ${signal ?? `exit code ${code}`}`))
    })
  })
  ended.catch(() => undefined) // whoever waits for an answer gets it; at the end nobody does
  child.stdin.on('error', () => undefined)

  const answer = async () => {
    const { value, done } = await Promise.race([answers.next(), ended])
    return done ? ended : (JSON.parse(value) as unknown)
  }
  const { title } = (await answer()) as { title: string }
  return {
    name,
    title,
    kind,
    async run(work) {
      child.stdin.write(`${JSON.stringify(work)}\n`)
      return (await answer()) as Outcome
    },
    async close() {
      child.stdin.end()
      const deadline = setTimeout(() => child.kill('SIGKILL'), LEAVING_MILLISECONDS)
      await ended.catch(() => undefined)
      clearTimeout(deadline)
    }
  }
}

/** The processor alone, all its threads, and float32 throughout: none may take bfloat16 for it. */
export function peerEnvironment(threads: number): NodeJS.ProcessEnv {
  const count = String(threads)
  return {
    ...process.env,
    OMP_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    ONEDNN_DEFAULT_FPMATH_MODE: 'STRICT',
    CUDA_VISIBLE_DEVICES: '-1',
    JAX_PLATFORMS: 'cpu',
    KERAS_BACKEND: 'tensorflow',
    TF_CPP_MIN_LOG_LEVEL: '2',
    MALLOC_MMAP_THRESHOLD_: undefined // our trainers' own
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
