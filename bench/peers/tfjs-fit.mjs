// TensorFlow.js on its native binding, as the article would use it: tf.sequential and model.fit, one model after another.
// Speaks as peer.py does: a request a line on stdin, an answer a line on stdout.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import util from 'node:util'

const PIXELS = 784
const IDX_HEADER_BYTES = 16
const [packageFile, dataFolder] = process.argv.slice(2)

// tfjs-node 4.22 asks for two functions that Node 23 no longer has
util.isNullOrUndefined ??= (value) => value === null || value === undefined
util.isArray ??= Array.isArray
const tf = createRequire(packageFile)(dirname(packageFile))

function readImages(name) {
  const pixels = readFileSync(join(dataFolder, name)).subarray(IDX_HEADER_BYTES)
  return tf.tensor2d(
    Float32Array.from(pixels, (value) => value / 255),
    [pixels.length / PIXELS, PIXELS]
  )
}

function openTraining({ latentDims, activation, learningRate, batchSize, seed }) {
  const models = latentDims.map((units, index) => {
    const weights = (layer) => tf.initializers.glorotUniform({ seed: 1 + 2 * (seed + index) + layer })
    const model = tf.sequential()
    model.add(tf.layers.dense({ units, activation, inputShape: [PIXELS], kernelInitializer: weights(0) }))
    model.add(tf.layers.dense({ units: PIXELS, activation: 'sigmoid', kernelInitializer: weights(1) }))
    model.compile({ optimizer: tf.train.adam(learningRate, 0.9, 0.999, 1e-7), loss: 'binaryCrossentropy' })
    return model
  })
  return {
    /** Trains each model in turn on the first so many images; answers with their mean losses. */
    async epoch(images, count) {
      const part = count === images.shape[0] ? images : images.slice([0, 0], [count, PIXELS])
      const losses = []
      for (const model of models) {
        const options = { batchSize, epochs: 1, shuffle: true, verbose: 0 }
        const { history } = await model.fit(part, part, options)
        losses.push(history.loss[0])
      }
      if (part !== images) part.dispose()
      return losses
    },
    async validate(test) {
      for (const model of models) {
        const loss = model.evaluate(test, test, { batchSize, verbose: 0 })
        await loss.data()
        loss.dispose()
      }
    },
    close: () => models.forEach((model) => model.dispose())
  }
}

async function secondsOf(work) {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

async function main() {
  const images = readImages('train-images-idx3-ubyte')
  const test = readImages('t10k-images-idx3-ubyte')
  const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)
  const { name, version } = JSON.parse(readFileSync(packageFile, 'utf8'))
  answer({ title: `${name} ${version}, model.fit one by one` })
  let open = null
  for await (const line of createInterface({ input: process.stdin })) {
    const { recipe, images: count, validate } = JSON.parse(line)
    const key = JSON.stringify(recipe)
    if (open?.key !== key) {
      open?.training.close()
      open = { key, training: openTraining(recipe) }
    }
    let losses
    const seconds = await secondsOf(async () => (losses = await open.training.epoch(images, count)))
    const validationSeconds = validate ? await secondsOf(() => open.training.validate(test)) : null
    answer({ seconds, losses, validationSeconds })
  }
}

await main()
