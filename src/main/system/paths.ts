// Where the application keeps things: one set of folders per user, shared by window, browser and command line.
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'

export interface AppPaths {
  /** settings.json. */
  settings: string
  /** devices.json: what was measured of devices, and how they failed. */
  devices: string
  /** The default home of run folders, unless a setting or BOTTLENECK_LAB_RUNS names another. */
  runs: string
  /** BOTTLENECK_LAB_RUNS names `runs`, which then goes before the setting. */
  runsFromEnvironment?: boolean
  cache: string
  log: string
  /** What `setup:cuda` of an older version brought; see leftovers.ts. */
  leftovers: string
}

/** The platform's folders for this user; BOTTLENECK_LAB_HOME puts all of them under one folder. An empty variable counts as none. */
export function appPaths(environment: NodeJS.ProcessEnv = process.env): AppPaths {
  const home = folderIn(environment.BOTTLENECK_LAB_HOME)
  const runs = folderIn(environment.BOTTLENECK_LAB_RUNS)
  const platform = envPaths('bottleneck-lab', { suffix: '' })
  const folder = (kind: 'data' | 'config' | 'cache' | 'log') => (home ? join(home, kind) : platform[kind])
  return {
    settings: join(folder('config'), 'settings.json'),
    devices: join(folder('config'), 'devices.json'),
    runsFromEnvironment: runs !== null,
    runs: runs ?? join(folder('data'), 'runs'),
    cache: folder('cache'),
    log: join(folder('log'), 'bottleneck-lab.log'),
    leftovers: join(folder('data'), 'addons')
  }
}

/** A folder named by a variable, as a whole path. */
const folderIn = (value: string | undefined) => (value ? resolve(value) : null)
