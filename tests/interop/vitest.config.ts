// Tests with the real other tools: `npm run test:interop`.
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { trainerEnvironment } from '../../scripts/trainer-environment.mjs'

const root = resolve(__dirname, '../..')

// eslint-disable-next-line no-restricted-syntax
export default defineConfig({
  root,
  resolve: { alias: { '@shared': resolve(root, 'src/shared') } },
  test: {
    include: ['tests/interop/**/*.test.ts'],
    globalSetup: ['tests/build.ts'],
    env: trainerEnvironment,
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000
  }
})
