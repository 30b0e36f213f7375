// A real lab that neither trains nor draws: calls and commands end where that would begin, since their arguments name any file there is.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '@shared/errors'
import type { LabService } from '@shared/rpc'
import { createLab, type Lab } from '../../../src/main/lab/lab'
import { appPaths } from '../../../src/main/system/paths'
import { smallRun } from './run-folder-readers'

export const NOTHING_HERE = new LabError('busy', 'Nothing trains here')

const nothing = () => {
  throw NOTHING_HERE
}

/** In `folder`, with one finished run and one that can't be read. `errors` collects what a lab logs of its defects. */
export function labWithoutTrainer(folder: string, errors: string[] = []): Lab {
  const runs = join(folder, 'data', 'runs')
  for (const [name, content] of [
    ['fixture-0001', JSON.stringify(smallRun())],
    ['damaged', '{']
  ] as const) {
    mkdirSync(join(runs, name), { recursive: true })
    writeFileSync(join(runs, name, 'run.json'), content)
  }
  const noLog = () => undefined
  return createLab({
    spawn: nothing,
    drawReport: async () => nothing(),
    paths: appPaths({ BOTTLENECK_LAB_HOME: folder }),
    log: { info: noLog, warn: noLog, error: (message, thrown) => errors.push(`${message}: ${String(thrown)}`) }
  })
}

/** For whom calls come from: a mutated path makes no folder on this machine, and nothing of it is removed. */
export function serviceOf(lab: Lab): LabService {
  const done = async () => undefined
  return { subscribe: lab.subscribe, calls: { ...lab.calls, writeSettings: done, removeLeftovers: done } }
}
