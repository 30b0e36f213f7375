// What a bug report needs, as plain text: no pixel, no loss, no token is in it.
import { arch, cpus, freemem, release, totalmem } from 'node:os'
import type { DeviceInfo } from '@shared/contract'
import type { Settings } from '@shared/settings'
import type { RunSummary } from '@shared/run'
import type { AppPaths } from '../system/paths'
import { readInto, withRegularFile } from '../system/regular-file'

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
    section('Devices', devices.map(deviceLine)),
    section('Folders', [
      `runs ${runsFolder}`,
      `settings ${paths.settings}`,
      `devices ${paths.devices}`,
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

function deviceLine(device: DeviceInfo): string {
  const { title, usable, detail, driver, runtimeVersion, millisecondsPerStep, lastFailure, isDefault } = device
  const facts = [
    usable ? 'usable' : 'not usable',
    detail,
    driver,
    runtimeVersion && `runtime ${runtimeVersion}`,
    millisecondsPerStep !== null && `${millisecondsPerStep.toFixed(1)} ms a step`,
    isDefault && 'the default',
    lastFailure && `failed last: ${lastFailure}`
  ]
  return `${device.name}, ${title}: ${facts.filter(Boolean).join(', ')}`
}

const section = (title: string, lines: string[]) => `\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`

async function readTail(path: string): Promise<string> {
  try {
    return await withRegularFile(path, { what: 'The log' }, async (file, size) => {
      const tail = Buffer.alloc(Math.min(size, LOG_TAIL_BYTES))
      const read = await readInto(file, tail, size - tail.length)
      return tail.toString('utf8', 0, read).trim().split('\n').join('\n  ')
    })
  } catch {
    return 'no log yet'
  }
}
