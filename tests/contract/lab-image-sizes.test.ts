// Images of other sizes than MNIST's, from an NPZ file to what every view shows: added, trained by the real trainer on the CPU engine.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planeOf, project } from '@shared/code-plane'
import { weightsOf } from '@shared/epoch-weights'
import { modelsOf } from '@shared/experiment'
import { decode, encode, inputsOf } from '@shared/forward'
import { randomStream } from '@shared/random'
import { forkAnalysis, forkTrainer } from '../../src/main/lab/fork'
import type { Lab } from '../../src/main/lab/lab'
import { drawReport, type ReportedRun, type ReportInput } from '../../src/main/report/report'
import type { Claims, Codes } from '../../src/shared/analysis'
import { makeHome, offering, openLab, smallExperiment, type TestHome } from '../fixtures/lab'

const MINUTES = 60_000
const built = (name: string) => join(__dirname, '../../out/main', name)
const COUNT = 300
const CLASSES = 11 // each has images among every tenth, which are for the test
const TESTED = COUNT / 10
let home: TestHome
let lab: Lab
let reported: ReportInput[]

beforeAll(async () => {
  home = await makeHome()
  reported = []
  lab = openLab(home, offering(forkTrainer(built('trainer.js')), 'cpu'), {
    spawnAnalysis: forkAnalysis(built('analysis-process.js')),
    drawReport(input) {
      reported.push(input)
      return drawReport(input)
    }
  })
})
afterAll(async () => {
  await lab.close()
  await home.remove()
})

/** An array of bytes as NumPy saves it (format 1.0). */
function npy(shape: number[], values: Uint8Array): Uint8Array {
  const said = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`
  const header = said.padEnd(117) + '\n'
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([118, 0]), Buffer.from(header), values])
}

/** Images with a bar each, whose place is the class, on noise. */
async function writeImages(name: string, rows: number, columns: number): Promise<string> {
  const random = randomStream(name)
  const pixels = new Uint8Array(COUNT * rows * columns)
  const labels = Uint8Array.from({ length: COUNT }, (_, image) => image % CLASSES)
  for (let at = 0; at < pixels.length; at++) {
    const [image, row] = [Math.floor(at / (rows * columns)), Math.floor((at % (rows * columns)) / columns)]
    const isLit = Math.floor((row * CLASSES) / rows) === labels[image]
    pixels[at] = (isLit ? 200 : 0) + 40 * random()
  }
  const path = join(home.folder, `${name}.npz`)
  await writeFile(path, zipSync({ 'x.npy': npy([COUNT, rows, columns], pixels), 'y.npy': npy([COUNT], labels) }))
  return path
}

describe.each([
  ['square', 64, 64],
  ['tall', 28, 20],
  ['wide', 20, 28]
])('images that are %s', (name, rows, columns) => {
  const size = rows * columns
  const dims = [3, 16]
  let id: string

  beforeAll(async () => {
    const path = await writeImages(name, rows, columns)
    const inspected = await lab.calls.inspectData(path)
    expect(inspected).toMatchObject({ kind: 'NPZ', rows, columns, trainCount: COUNT - TESTED, testCount: TESTED })
    await lab.calls.addDataset({ path, name, changes: { transpose: false, invert: false } })
    const { base, ...rest } = smallExperiment({ dataset: name, varied: { key: 'latentDim', values: dims } })
    id = await lab.calls.startRun({ ...rest, base: { ...base, epochs: 1, trainLimit: COUNT - TESTED } }, 'cpu')
    expect(await lab.whenEnded(id)).toMatchObject({ status: 'finished', dataset: { name, rows, columns } })
  }, 3 * MINUTES)

  it('have losses, quality and bounds, PCA’s among them', async () => {
    const { file } = await lab.calls.openRun(id)
    const [first, second] = file.bounds?.pcaMse ?? []
    expect(second).toBeGreaterThan(0)
    expect(first).toBeGreaterThan(second ?? NaN)
    expect(first).toBeLessThan(0.1)
    for (const { history, metrics } of file.models) {
      expect(history.valLoss).toHaveLength(1)
      expect(history.valLoss[0]).toBeGreaterThan(file.bounds?.perfectCopy ?? NaN)
      expect(metrics?.ssim).toBeGreaterThan(-1)
    }
  })

  it('are reconstructed in their own shape, before and after the epoch, and drawn into a report', async () => {
    const probes = await lab.calls.readProbes(name)
    expect(probes.pixels).toHaveLength(20 * size)
    expect(new Set(probes.labels).size).toBeGreaterThanOrEqual(10)
    const digits = await lab.calls.readDigits(id, 0, 1)
    expect([digits.epochs, digits.models, digits.pixels.length]).toEqual([2, 2, 2 * 2 * 20 * size])
    const report = await lab.calls.exportReport([id])
    expect(Buffer.from(report).subarray(0, 5).toString()).toBe('%PDF-')
    const { file, digits: drawn, missing } = reported[reported.length - 1]?.runs[0] as ReportedRun
    expect([file.dataset.rows, file.dataset.columns, drawn.length, missing]).toEqual([rows, columns, 2 * 20 * size, ''])
  })

  it('have codes that lie in a plane and decode to what the trainer has drawn', async () => {
    const { file } = await lab.calls.openRun(id)
    const images = await lab.calls.readTestImages(name)
    expect(images).toMatchObject({ rows, columns })
    const { models } = await lab.calls.readWeights(id, 1)
    const { layers } = modelsOf(file.experiment, size)[0] ?? { layers: [] }
    const weights = weightsOf(models[0] as Uint8Array, layers)
    const codes = encode(layers, weights, inputsOf(images.pixels))
    expect(codes).toHaveLength(TESTED * 3)
    const points = project(codes, planeOf(codes, 3))
    expect(points).toHaveLength(2 * TESTED)
    expect(points.every(Number.isFinite)).toBe(true)
    const { pixels } = await lab.calls.readDigits(id, 1, 1)
    const { indices } = await lab.calls.readProbes(name)
    const copy = decode(layers, weights, codes.subarray(3 * (indices[0] ?? 0), 3 * (indices[0] ?? 0) + 3))
    const off = copy.map((value, i) => Math.abs(255 * value - (pixels[i] ?? NaN)))
    expect(Math.max(...off)).toBeLessThan(2) // kept weights may be halves
  })

  it(
    'are analysed: claims, and codes beside PCA and pixels',
    async () => {
      const claims = (await lab.calls.analyse(id, { kind: 'claims', epoch: null })) as Claims
      expect(claims.series).toHaveLength(2)
      expect(claims.series.every(({ pcaMse }) => pcaMse > 0)).toBe(true)
      const codes = (await lab.calls.analyse(id, { kind: 'codes', epoch: null })) as Codes
      const pixels = codes.codes.find(({ of }) => of === 'pixels')
      expect(pixels).toMatchObject({ size })
      expect(pixels?.probeAccuracy === null).toBe(size > 1024)
      expect(codes.classes).toHaveLength(CLASSES)
      expect(codes.gaussian.length).toBeGreaterThan(1)
      expect(codes.gaussian.every(({ mse }, n) => mse <= (codes.gaussian[n - 1]?.mse ?? Infinity))).toBe(true)
    },
    3 * MINUTES
  )
})
