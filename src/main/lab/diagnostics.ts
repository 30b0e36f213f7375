// What a bug report needs, as plain text: no pixel, no loss, no token is in it.
import { open } from 'node:fs/promises'
import { arch, cpus, freemem, release, totalmem } from 'node:os'
import type { DeviceInfo, Settings } from '@shared/contract'
import type { RunSummary } from '@shared/run'
import type { AppPaths } from '../system/paths'

export interface DiagnosticsParts {
  version: string
  versions: Record<string, string>
  paths: AppPaths
  runsFolder: string
  settings: Settings
  devices: DeviceInfo[]
  runs: RunSummary[]
}

const LOG_TAIL_BYTES = 20_000
const GIGABYTE = 1e9

/** The report, with the end of the log file. */
export async function writeDiagnostics(parts: DiagnosticsParts): Promise<string> {
  const { version, versions, paths, runsFolder, settings, devices, runs } = parts
  const processors = cpus()
  const memory = [freemem(), totalmem()].map((bytes) => `${(bytes / GIGABYTE).toFixed(1)} GB`)
  return [
    `Bottleneck Lab ${version}`,
    `${process.platform} ${release()} ${arch()}`,
    `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${memory.join(' free of ')}`,
    section(
      'Versions',
      Object.entries(versions).map(([name, value]) => `${name} ${value}`)
    ),
    section(
      'Devices',
      devices.map(({ title, usable, detail }) => `${title}: ${usable ? 'usable' : 'not usable'}, ${detail}`)
    ),
    section('Folders', [
      `runs ${runsFolder}`,
      `settings ${paths.settings}`,
      `log ${paths.log}`,
      `cache ${paths.cache}`
    ]),
    section('Settings', [JSON.stringify(settings)]),
    section(
      'Runs',
      runs.map(({ id, state, epochsDone, epochs }) => `${id} ${state} ${epochsDone}/${epochs}`)
    ),
    section('Log', [await readTail(paths.log)])
  ].join('\n')
}

const section = (title: string, lines: string[]) => `\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`

async function readTail(path: string): Promise<string> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      const length = Math.min(size, LOG_TAIL_BYTES)
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
      return buffer.toString('utf8', 0, bytesRead).trim().split('\n').join('\n  ')
    } finally {
      await file.close()
    }
  } catch {
    return 'no log yet'
  }
}
