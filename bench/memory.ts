// Resident size of the trainer process while it trains the six models: the real process, run as the lab runs it.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Experiment } from '../src/shared/experiment'
import { forkTrainer } from '../src/main/lab/fork'
import { createSupervisor } from '../src/main/lab/supervisor'
import type { TrainerProcess } from '../src/main/lab/child-process'

export interface MemoryOptions {
  experiment: Experiment
  device: string
  trainerPath: string
  dataFolder: string
  cacheFolder: string
}

/** Bytes at each epoch's end, read when its digits have arrived. Throws where the system does not tell. */
export async function measureMemory(options: MemoryOptions): Promise<number[]> {
  if (!['linux', 'darwin'].includes(process.platform))
    throw new Error('this system does not tell the size of a process')
  const { trainerPath, ...job } = options
  const folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-memory-'))
  let trainer: TrainerProcess | null = null
  const spawn = forkTrainer(trainerPath)
  const supervisor = createSupervisor({ spawn: () => (trainer = spawn()) })
  const bytes: number[] = []
  try {
    const checkpoint = join(folder, 'checkpoint.safetensors')
    const training = supervisor.train({ ...job, id: 'memory', checkpoint, continues: false }, (event) => {
      if (event.type !== 'epochEnded') return
      bytes.push(residentBytes(trainer?.pid))
      training.recorded(event.epoch)
    })
    await training.ended
    return bytes
  } finally {
    await supervisor.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Size of a process as the system tells it. */
export function residentBytes(pid: number | undefined): number {
  if (process.platform !== 'linux') return 1024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]))
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])
}
