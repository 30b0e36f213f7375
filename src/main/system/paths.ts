// Where the application keeps things: one place per user, shared by window, browser and command line.
import { join } from 'node:path'
import envPaths from 'env-paths'

export interface AppPaths {
  /** settings.json. */
  settings: string
  /** The default home of run folders, unless a setting or BOTTLENECK_LAB_RUNS names another. */
  runs: string
  /** BOTTLENECK_LAB_RUNS names `runs`, which then goes before the setting. */
  runsFromEnvironment?: boolean
  cache: string
  log: string
}

/** The platform's folders for this user; BOTTLENECK_LAB_HOME puts all of them under one folder. */
export function appPaths(environment: NodeJS.ProcessEnv = process.env): AppPaths {
  const home = environment.BOTTLENECK_LAB_HOME
  const platform = envPaths('bottleneck-lab', { suffix: '' })
  const place = (kind: 'data' | 'config' | 'cache' | 'log') => (home ? join(home, kind) : platform[kind])
  return {
    settings: join(place('config'), 'settings.json'),
    runsFromEnvironment: environment.BOTTLENECK_LAB_RUNS !== undefined,
    runs: environment.BOTTLENECK_LAB_RUNS ?? join(place('data'), 'runs'),
    cache: place('cache'),
    log: join(place('log'), 'bottleneck-lab.log')
  }
}
