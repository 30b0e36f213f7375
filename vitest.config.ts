import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { trainerEnvironment } from './scripts/trainer-environment.mjs'

export default defineConfig({
  plugins: [vue()], // for the tests that mount components
  resolve: { alias: { '@shared': resolve(__dirname, 'src/shared') } },
  test: {
    include: ['tests/{unit,contract,fuzz,torture}/**/*.test.ts'],
    globalSetup: ['tests/build.ts'],
    env: trainerEnvironment,
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
