// The worker's work in this process, and the page's end of it: what it computes, what overtakes what.
import { expect, it } from 'vitest'
import { weightBytes } from '../../../fixtures/weight-bytes'
import { decode, encode } from '../../../../src/shared/forward'
import { tensorSizes, type LayerConfig } from '../../../../src/shared/model'
import { randomStream } from '../../../../src/shared/random'
import { mseOf, nearestRank, shareBelow } from '../../../../src/renderer/models/errors'
import type { FromWorker, ToWorker } from '../../../../src/renderer/models/messages'
import { createModelClient } from '../../../../src/renderer/models/model-client'
import { createModelWork } from '../../../../src/renderer/models/model-work'

const layers: LayerConfig[] = [
  { units: 3, activation: 'tanh' },
  { units: 16, activation: 'sigmoid' }
]
const COUNT = 40
const random = randomStream('work')
const weights = tensorSizes(layers).map((size) =>
  Float32Array.from({ length: size }, () => Math.round(64 * random()) / 64 - 0.5)
)
const images = {
  pixels: Uint8Array.from({ length: COUNT * 16 }, () => Math.floor(256 * random())),
  labels: new Uint8Array(COUNT),
  rows: 4,
  columns: 4
}
const inputs = Float32Array.from(images.pixels, (value) => value / 255)

/** A client on work whose turns come when the test says so. */
function connect() {
  const turns: (() => void)[] = []
  let hear: (message: FromWorker) => void = () => undefined
  const { receive } = createModelWork((message) => hear(message), (go) => turns.push(go)) // prettier-ignore
  const posted: ToWorker[] = []
  const client = createModelClient({
    post(message) {
      posted.push(message)
      receive(message)
    },
    onMessage: (listener) => (hear = listener)
  })
  receive({ type: 'images', images })
  receive({ type: 'weights', key: 'run 1', models: [{ layers, bytes: weightBytes(weights) }] })
  const runAll = () => {
    for (let turn = turns.shift(); turn; turn = turns.shift()) turn()
  }
  return { client, receive, runAll, turns }
}

it('copies images, decodes codes and measures all test images as the model does', async () => {
  const { client, runAll } = connect()
  const at = { key: 'run 1', model: 0 }
  const one = inputs.subarray(0, 16)
  const codes = encode(layers, weights, one)
  const copy = decode(layers, weights, codes)
  expect(await client.ask('a', 'reconstruct', { key: 'run 1', models: [0], images: one })).toEqual([
    { codes, pixels: copy }
  ])
  expect(await client.ask('b', 'decode', { ...at, codes })).toEqual(copy)
  const shares: number[] = []
  const errors = client.ask('c', 'errors', { ...at, count: 30 }, (share) => shares.push(share))
  runAll()
  const measured = await errors
  expect(shares[shares.length - 1]).toBe(1)
  expect(measured?.mse).toHaveLength(30)
  expect(measured?.mse[0]).toBeCloseTo(mseOf(one, copy), 6)
  const map = client.ask('d', 'map', at)
  runAll()
  expect((await map)?.points).toHaveLength(2 * COUNT)
})

it('says what a unit is worth: the error that switching it off adds', async () => {
  const { client, runAll } = connect()
  const asked = client.ask('a', 'unitEffects', { key: 'run 1', model: 0, count: 10 })
  runAll()
  const effects = await asked
  const ten = inputs.subarray(0, 160)
  const codes = encode(layers, weights, ten)
  const off = codes.map((value, index) => (index % 3 === 1 ? 0 : value))
  const expected = mseOf(ten, decode(layers, weights, off)) - mseOf(ten, decode(layers, weights, codes))
  expect(effects?.[1]).toBeCloseTo(expected, 6)
})

it('a newer question overtakes those that wait and the one that is computed', async () => {
  const { client, runAll } = connect()
  const ask = (count: number) => client.ask('same', 'errors', { key: 'run 1', model: 0, count })
  const [first, second, third] = [ask(10), ask(20), ask(40)]
  runAll()
  expect(await second).toBeNull()
  expect((await third)?.mse).toHaveLength(40)
  expect([null, 10]).toContain((await first)?.mse.length ?? null)
})

it('what belongs to forgotten weights is answered by nothing, a defect by an error', async () => {
  const { client, receive } = connect()
  receive({ type: 'forget', key: 'run 1' })
  expect(await client.ask('a', 'map', { key: 'run 1', model: 0 })).toBeNull()
  receive({ type: 'weights', key: 'run 2', models: [{ layers, bytes: new Uint8Array(3) }] })
  await expect(client.ask('a', 'map', { key: 'run 2', model: 0 })).rejects.toThrow('3 bytes')
})

it('says of a diverged model that it has diverged', async () => {
  const { client, receive, runAll } = connect()
  const broken = weights.map((tensor) => tensor.map(() => NaN))
  receive({ type: 'weights', key: 'run 2', models: [{ layers, bytes: weightBytes(broken) }] })
  const map = client.ask('a', 'map', { key: 'run 2', model: 0 })
  runAll()
  await expect(map).rejects.toMatchObject({
    kind: 'diverged',
    message: expect.stringContaining('The model has diverged') as string
  })
})

it('ranks an error among others', () => {
  const sorted = Float32Array.of(1, 2, 2, 3)
  expect([0, 1, 2, 2.5, 9].map((error) => shareBelow(sorted, error))).toEqual([0, 0, 0.25, 0.75, 1])
  expect(shareBelow(new Float32Array(), 1)).toBe(0)
  const hundred = Float32Array.from({ length: 100 }, (_, index) => index)
  expect([0.05, 0.5, 0.95, 1].map((share) => nearestRank(hundred, share))).toEqual([5, 50, 95, 99])
})
