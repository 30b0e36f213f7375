// Peers that can't be had are skipped with a reason that says why; one that can be had is talked to in lines.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openPeer } from '../../../bench/peer'
import { openPythonPeers, pythonPeers } from '../../../bench/python-peers'
import { recipeOf } from '../../../bench/contender'
import type { Setup } from '../../../bench/setup'
import { findPackage } from '../../../bench/tfjs'

const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const program = (source: string) => {
  return { name: 'p', kind: 'peer' as const, command: process.execPath, args: ['-e', source], threads: 1 }
}
const work = { recipe: recipeOf('keras-blog'), images: 512, validate: false }

it('asks a peer line by line and ends it', async () => {
  const peer = await openPeer(
    program(`console.log(JSON.stringify({ title: 'A peer' }))
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        console.log(JSON.stringify({ seconds: JSON.parse(line).images / 256, losses: [process.env.OMP_NUM_THREADS] }))
      })`)
  )
  expect(peer.title).toBe('A peer')
  expect(await peer.run(work)).toEqual({ seconds: 2, losses: ['1'] })
  expect((await peer.run({ ...work, images: 256 })).seconds).toBe(1)
  await peer.close()
})

it('does not wait for a peer that will not leave', async () => {
  const peer = await openPeer(program('console.log(`{"title":"x"}`); setInterval(() => undefined, 1000)'))
  await peer.close()
}, 20_000)

it('says what a peer wrote last when it could not start or died at work', async () => {
  const missing = program('console.error("ImportError: no module"); process.exit(1)')
  await expect(openPeer(missing)).rejects.toThrow('ImportError: no module')
  const peer = await openPeer(
    program('console.log(`{"title":"x"}`); process.stdin.once("data", () => process.exit(3))')
  )
  await expect(peer.run(work)).rejects.toThrow('exit code 3')
  await expect(openPeer({ ...missing, command: join(folder, 'none') })).rejects.toThrow('ENOENT')
})

it('skips the peers in Python where there is none, each with the reason', async () => {
  const skipped: Setup['skipped'] = []
  const peers = pythonPeers.map(({ name }) => name)
  const options = { peers, python: join(folder, 'no-python'), peersHome: folder }
  const setup = { options, skipped, say: () => undefined, dataFolder: folder, threads: 1 } as unknown as Setup
  expect(await openPythonPeers(setup, resolve('bench/peers'))).toEqual([])
  expect(skipped.map(({ name }) => name)).toEqual(peers)
  expect(skipped[0]?.reason).toMatch(/there is no .*no-python on this machine/)
})

it('takes a TensorFlow.js only with its native part', () => {
  expect(() => findPackage([folder])).toThrow('not installed')
  const tfjs = join(folder, 'node_modules/@tensorflow/tfjs-node')
  mkdirSync(join(tfjs, 'lib/napi-v8'), { recursive: true })
  writeFileSync(join(tfjs, 'package.json'), '{}')
  expect(() => findPackage([folder])).toThrow('no native part')
  writeFileSync(join(tfjs, 'lib/napi-v8/tfjs_binding.node'), '')
  expect(findPackage([folder])).toBe(join(tfjs, 'package.json'))
})
