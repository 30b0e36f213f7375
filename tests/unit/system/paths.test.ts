import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appPaths } from '../../../src/main/system/paths'

describe('appPaths', () => {
  it('puts everything under BOTTLENECK_LAB_HOME', () => {
    const home = join('/', 'somewhere')
    expect(appPaths({ BOTTLENECK_LAB_HOME: home })).toMatchObject({
      settings: join(home, 'config', 'settings.json'),
      devices: join(home, 'config', 'devices.json'),
      runs: join(home, 'data', 'runs'),
      datasets: join(home, 'data', 'datasets'),
      cache: join(home, 'cache'),
      log: join(home, 'log', 'bottleneck-lab.log')
    })
  })

  it('lets BOTTLENECK_LAB_RUNS name the home of run folders alone', () => {
    const paths = appPaths({ BOTTLENECK_LAB_HOME: '/somewhere', BOTTLENECK_LAB_RUNS: '/runs' })
    expect(paths).toMatchObject({ runs: '/runs', runsFromEnvironment: true })
    expect(appPaths({}).runsFromEnvironment).toBe(false)
    expect(paths.settings).toBe(join('/somewhere', 'config', 'settings.json'))
  })

  it('takes an empty variable for none and a relative folder from where it was started', () => {
    expect(appPaths({ BOTTLENECK_LAB_HOME: '', BOTTLENECK_LAB_RUNS: '' })).toEqual(appPaths({}))
    const paths = appPaths({ BOTTLENECK_LAB_HOME: 'home', BOTTLENECK_LAB_RUNS: 'runs' })
    expect([paths.cache, paths.runs]).toEqual([resolve('home', 'cache'), resolve('runs')])
  })

  it('follows the XDG variables, and ignores a relative path in one as their specification says', (context) => {
    context.skip(['darwin', 'win32'].includes(process.platform), 'needs a system that has these variables')
    const usual = appPaths({})
    expect(appPaths({ XDG_DATA_HOME: '/data', XDG_STATE_HOME: '/state' })).toEqual({
      ...usual,
      runs: '/data/bottleneck-lab/runs',
      datasets: '/data/bottleneck-lab/datasets',
      leftovers: '/data/bottleneck-lab/addons',
      log: '/state/bottleneck-lab/bottleneck-lab.log'
    })
    const variables = ['XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME']
    for (const path of ['', 'data', './data', '../data']) {
      expect(appPaths(Object.fromEntries(variables.map((name) => [name, path]))), path).toEqual(usual)
    }
  })

  it('is one place per user by default, the same from every entry', () => {
    const paths = appPaths({})
    expect(paths).toEqual(appPaths({}))
    for (const path of [paths.settings, paths.runs, paths.cache, paths.log]) {
      expect(path).toContain('bottleneck-lab')
      expect(path).not.toContain('nodejs')
    }
  })
})
