// Loads exported layers models over HTTP, as a page would, and says how far they are from the engine's answers.
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'

const TOLERANCE = 1e-5
const [folder, stem, ...models] = process.argv.slice(2)
const floats = (name) => {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, `${name}.f32`))
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength))
}
const server = createServer(({ url }, response) => {
  try {
    response.end(readFileSync(join(folder, basename(decodeURIComponent(url)))))
  } catch {
    response.writeHead(404).end()
  }
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = `http://127.0.0.1:${server.address().port}`
await tf.setBackend('cpu')

const images = floats('images')
const count = images.length / 784
for (const model of models) {
  const codes = floats(`${model}-codes`)
  const reconstructions = floats(`${model}-reconstructions`)
  await check(model, 'encoder', images, codes)
  await check(model, 'decoder', codes, reconstructions)
  await check(model, 'autoencoder', images, reconstructions)
}
server.close()

async function check(model, part, given, expected) {
  const loaded = await tf.loadLayersModel(`${address}/${stem}-${model}-${part}.json`)
  const found = loaded.predict(tf.tensor2d(given, [count, given.length / count])).dataSync()
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1) // as in python/reference.py
  let difference = found.length === expected.length ? 0 : Infinity
  found.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(value - expected[i]) / scale)
  })
  process.stdout.write(`${model} ${part}: ${difference.toExponential(2)}\n`)
  if (!(difference <= TOLERANCE)) throw new Error(`${model} ${part} differs by ${difference}`)
}
