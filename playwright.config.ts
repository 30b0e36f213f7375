// One set of tests on three hosts: the unpackaged application, the packaged one, and a browser before `lab serve`.
import { defineConfig } from '@playwright/test'
import type { HostName } from './tests/e2e/host'

export default defineConfig<{ hostName: HostName }>({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  globalSetup: './tests/build.ts',
  workers: 2, // each test waits more than it works
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: { trace: 'off' },
  projects: [
    {
      name: 'electron',
      use: { hostName: 'electron' },
      testIgnore: /(packaged|browser-.+)\.test\.ts/
    },
    { name: 'packaged', use: { hostName: 'packaged' }, testMatch: /(story|packaged)\.test\.ts/ },
    {
      name: 'browser',
      use: { hostName: 'browser' },
      testMatch:
        /(story|add-data|compare|exports|figures|draw|analysis|accessibility|commands|devices|dev|layout|browser-.+|interrupted)\.test\.ts/
    }
  ]
})
