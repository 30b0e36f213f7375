import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { trainerEnvironment } from './scripts/trainer-environment.mjs'

export default defineConfig({
  plugins: [vue()], // for the tests that mount components
  resolve: { alias: { '@shared': resolve(__dirname, 'src/shared') } },
  test: {
    // of the tests with real other tools those whose tools are small; `npm run test:interop` has all
    include: ['tests/{unit,contract,fuzz,torture}/**/*.test.ts', 'tests/interop/{exports,data-files}.test.ts'],
    globalSetup: ['tests/build.ts'],
    env: trainerEnvironment,
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
