import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createOnnxruntimeEngine } from '../../../../../src/main/trainer/engines/onnxruntime/engine'
import { openGroupIn } from '../../../../../src/main/trainer/engines/onnxruntime/place'
import { testDigits, trainingDigits } from '../digits'

const folder = mkdtempSync(join(tmpdir(), 'bottleneck-lab-place-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A thread that opens as it should and meets every other call with `reaction`. */
function thread(name: string, reaction: string): string {
  const path = join(folder, `${name}.js`)
  writeFileSync(
    path,
    `const { parentPort } = require('node:worker_threads')
    parentPort.on('message', ({ id, call }) => {
      if (call === 'open') parentPort.postMessage({ id, value: undefined })
      else { ${reaction} }
    })`
  )
  return path
}

const job = {
  models: [{ name: 'd=2', latentDim: 2, activation: 'relu' as const }],
  batchSize: 4,
  learningRate: 0.001,
  train: trainingDigits(8),
  test: testDigits(8),
  threads: 1
}

describe('a group in a thread', () => {
  it.each([
    ['exits', 'process.exit(3)', 'exit code 3'],
    ['throws', "throw new Error('boom')", 'boom']
  ])('fails with trainer-crashed, now and later, where the thread %s', async (name, reaction, reason) => {
    const group = await openGroupIn({ workerPath: thread(name, reaction) }, job)
    await expect(group.steps(Int32Array.of(0))).rejects.toMatchObject({
      kind: 'trainer-crashed',
      message: expect.stringContaining(reason) as string
    })
    await expect(group.evaluate()).rejects.toMatchObject({ kind: 'trainer-crashed' })
    await group.close()
  })

  it('passes a LabError on as it was thrown', async () => {
    const data = { kind: 'out-of-memory', problem: 'Too much', found: '', expected: '', remedy: 'Less' }
    const reaction = `parentPort.postMessage({ id, error: ${JSON.stringify(data)} })`
    const group = await openGroupIn({ workerPath: thread('answers', reaction) }, job)
    await expect(group.save()).rejects.toMatchObject({ name: 'LabError', data })
    await expect(group.close()).rejects.toMatchObject({ data })
  })

  it('rejects where the thread cannot be started', async () => {
    await expect(openGroupIn({ workerPath: join(folder, 'missing.js') }, job)).rejects.toMatchObject({
      kind: 'trainer-crashed'
    })
  })
})

describe('the engine', () => {
  it('names the processor and its threads', async () => {
    const [cpu, ...others] = await createOnnxruntimeEngine('here').devices()
    expect(others.map(({ name }) => name)).not.toContain('cpu')
    expect(cpu).toMatchObject({ engine: 'onnxruntime', name: 'cpu', usable: true })
    expect(cpu?.title).toMatch(/^CPU · \d+ threads?$/)
  })
})
