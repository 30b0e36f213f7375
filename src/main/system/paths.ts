// Where the application keeps things: one set of folders per user, shared by window, browser and command line.
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
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
  /** The data sets that the user has added, a folder each. */
  datasets: string
  cache: string
  log: string
  /** What `setup:cuda` of an older version brought; see leftovers.ts. */
  leftovers: string
}

/** The platform's folders for this user; BOTTLENECK_LAB_HOME puts all of them under one folder. An empty variable counts as none. */
export function appPaths(environment: NodeJS.ProcessEnv = process.env): AppPaths {
  const home = folderIn(environment.BOTTLENECK_LAB_HOME)
  const runs = folderIn(environment.BOTTLENECK_LAB_RUNS)
  const platform = platformFolders(environment)
  const folder = (kind: 'data' | 'config' | 'cache' | 'log') => (home ? join(home, kind) : platform[kind])
  return {
    settings: join(folder('config'), 'settings.json'),
    devices: join(folder('config'), 'devices.json'),
    runsFromEnvironment: runs !== null,
    runs: runs ?? join(folder('data'), 'runs'),
    datasets: join(folder('data'), 'datasets'),
    cache: folder('cache'),
    log: join(folder('log'), 'bottleneck-lab.log'),
    leftovers: join(folder('data'), 'addons')
  }
}

/** The user's folders as the platform has them. */
function platformFolders(environment: NodeJS.ProcessEnv): { data: string; config: string; cache: string; log: string } {
  if (process.platform === 'darwin' || process.platform === 'win32') return envPaths('bottleneck-lab', { suffix: '' })
  // XDG Base Directory Specification: a relative path in one of its variables is to be ignored.
  const named = (variable: string, usual: string) => {
    const path = environment[variable] ?? ''
    return join(isAbsolute(path) ? path : join(homedir(), usual), 'bottleneck-lab')
  }
  return {
    data: named('XDG_DATA_HOME', '.local/share'),
    config: named('XDG_CONFIG_HOME', '.config'),
    cache: named('XDG_CACHE_HOME', '.cache'),
    log: named('XDG_STATE_HOME', '.local/state')
  }
}

/** A folder named by a variable, as a whole path. */
const folderIn = (value: string | undefined) => (value ? resolve(value) : null)
