import { createHash } from 'node:crypto'
import {
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFRawStream,
  PDFString
} from '@cantoo/pdf-lib'
import { describe, expect, it } from 'vitest'
import { lossesCsv } from '../../../src/main/export/losses-csv'
import { runFileText } from '../../../src/main/lab/run-folder'
import { drawReport } from '../../../src/main/report/report'
import { parse } from 'valibot'
import { LabError } from '../../../src/shared/errors'
import { defaultReportOptions } from '../../../src/shared/report-options'
import { RunFileSchema, type RunFile } from '../../../src/shared/run'
import { fixtureReport, fixtureReported } from '../../fixtures/report'
import { fixtureDigits, fixtureProbes, fixtureRun, type FixtureOptions } from '../../fixtures/run-file'
import { varying } from '../../fixtures/varying'
import { fontsOf, imagesOf, saved, textOfPages, wordsOf } from './read-pdf'
import { poppler } from './with-poppler'

const PIXELS = 784

/** All words of a run's report in one line. */
async function textOf(file: RunFile): Promise<string> {
  return oneLine(await drawReport(fixtureReport(file)))
}

const oneLine = (pdf: Uint8Array) => textOfPages(saved(pdf)).join(' ').replace(/\s+/g, ' ')

async function report(options: FixtureOptions = {}): Promise<{ file: RunFile; bytes: Uint8Array }> {
  const file = fixtureRun(options)
  return { file, bytes: await drawReport(fixtureReport(file)) }
}

describe('drawReport', () => {
  poppler('says in place of the pictures why there are none', async () => {
    const missing = 'No reconstructions: digits.bin is missing'
    const file = fixtureRun()
    const run = fixtureReported(file, { digits: new Uint8Array(), missing })
    expect(oneLine(await drawReport({ ...fixtureReport(file), runs: [run] })).split(missing)).toHaveLength(2)
  })

  it('uses a fixture that is a run file', () => {
    expect(() => parse(RunFileSchema, fixtureRun())).not.toThrow()
  })

  const cases: [string, FixtureOptions][] = [
    ['six models', {}],
    ...Array.from({ length: 12 }, (_, i): [string, FixtureOptions] => [`${i + 1} models`, { latentDims: dims(i + 1) }]),
    ['long names and no space in them', { name: 'W'.repeat(80) }],
    ['a run that still trains', { status: 'running', epochsDone: 1 }],
    ['a stopped run of a thousand epochs', { status: 'stopped', epochs: 1000, epochsDone: 999 }],
    ['a run that failed before its first epoch', { status: 'failed', epochsDone: 0, error: outOfMemory }],
    ['several seeds', { experiment: { seeds: [1, 2, 3] } }],
    ['learning rates', { experiment: varying('learningRate', [0.1, 0.01, 0.001]) }],
    ['hidden layers', { experiment: varying('hidden', [[], [128], [512, 128]]) }]
  ]
  poppler.for(cases)('has 3 to 6 pages of A4, none of them empty: %s', async ([, options]) => {
    const { bytes } = await report(options)
    const pages = textOfPages(saved(bytes))
    expect(pages.length).toBeGreaterThanOrEqual(2)
    expect(pages.length).toBeLessThanOrEqual(6)
    pages.forEach((text, index) => {
      expect(text.replace(/\s/g, '').length, `page ${index + 1}`).toBeGreaterThan(150)
      expect(text).toContain(`${index + 1} of ${pages.length}`)
    })
    for (const page of (await PDFDocument.load(bytes)).getPages())
      expect(page.getSize()).toEqual({ width: expect.closeTo(595.28, 1), height: expect.closeTo(841.89, 1) })
  })

  poppler('says every number of the table as text', async () => {
    const { file, bytes } = await report()
    const text = textOfPages(saved(bytes)).join('\n')
    file.models.forEach(({ latentDim, parameters, metrics }, index) => {
      const { bce, mse, psnr, ssim, gapClosed } = metrics ?? { bce: 0, mse: 0, psnr: 0, ssim: 0, gapClosed: 0 }
      const pca = file.bounds.pcaMse?.[index] ?? 0
      const cells = [
        String(latentDim),
        parameters.toLocaleString('en-US'),
        String(4 * latentDim),
        `[\\d.]+×`,
        bce?.toFixed(4),
        `${Math.round(100 * gapClosed)}\\s%`,
        mse.toFixed(4),
        pca.toFixed(4),
        psnr?.toFixed(2),
        ssim?.toFixed(4)
      ]
      expect(text).toMatch(new RegExp(cells.join('\\s+')))
    })
  })

  poppler('says the recipe, the bounds, the data and how it was measured', async () => {
    const { file, bytes } = await report()
    const text = textOfPages(saved(bytes)).join(' ').replace(/\s+/g, ' ')
    const expected = [
      '0.0581',
      '0.2625',
      'relu',
      file.dataset.sha256,
      file.dataset.licence,
      'Wang, Bovik, Sheikh & Simoncelli 2004',
      '--dims 2,8,16,32,64,128 --hidden none --activation relu',
      '784 pixels → Dense(d, relu) → Dense(784, sigmoid), d = 2, 8, 16, 32, 64, 128',
      'Adam, β1 0.9, β2 0.999, ε 1e-7 (Kingma & Ba 2015',
      'the same bits on any number of threads',
      '14 November 2023'
    ]
    for (const words of expected) expect(text).toContain(words)
  })

  poppler('names every device of the run, why it was taken, and how one failed', async () => {
    const lost = new LabError('device-unavailable', 'The device was lost').data
    const gpu = { device: 'webgpu', title: 'A GPU', hardware: 'A GPU, Vendor 550.1' }
    const cpu = { device: 'cpu', title: 'CPU', hardware: 'CPU, a processor' }
    const segments = [
      { ...gpu, firstEpoch: 1, why: 'fastest of 2 measured', error: lost },
      { ...cpu, firstEpoch: 4, why: 'the next best after a failure', error: null }
    ]
    const text = await textOf({ ...fixtureRun({ latentDims: [2, 8], epochs: 9 }), segments })
    expect(text).toMatch(/Trained for [^.]+ on the WebGPU, then CPU\./)
    expect(text).toContain('A GPU, Vendor 550.1; device webgpu; fastest of 2 measured')
    expect(text).toContain('from epoch 4 on: CPU, a processor')
    expect(text).toContain('A GPU failed: The device was lost. Training went on after epoch 3')
  })

  poppler('prints devices of older versions as they were, and repeats on one that is there', async () => {
    const older = (device: string): RunFile => {
      const segments = [{ device, title: 'A device', hardware: 'RTX 4060', firstEpoch: 1, why: '', error: null }]
      return { ...fixtureRun({ latentDims: [2, 8] }), device, segments }
    }
    const cuda = await textOf(older('onnxruntime cuda'))
    expect(cuda).toContain('RTX 4060; device onnxruntime cuda')
    expect(cuda).not.toContain('--device')
    expect(await textOf(older('onnxruntime webgpu:1'))).toContain('--device webgpu')
  })

  poppler('asks what another hyperparameter changes, and speaks of no width then', async () => {
    const text = await textOf(fixtureRun({ experiment: varying('learningRate', [0.1, 0.01, 0.001]) }))
    const expected = [
      'What changes with the learning rate? The measure is the gap',
      'Three autoencoders that differ in nothing but their learning rate saw the same',
      'each squeezed from 784 pixels to 16 numbers',
      '784 pixels → Dense(16, tanh) → Dense(784, sigmoid)',
      'Learning rate 0.001, 0.01, 0.1',
      'Quality by learning rate',
      'Equal steps across are equal ratios.',
      '--vary learning-rate=0.001,0.01,0.1 --dims 16'
    ]
    for (const words of expected) expect(text).toContain(words)
    expect(text).not.toMatch(/PCA|How wide|NaN|null|undefined/)
  })

  poppler('says no more of models that are trained for different epochs than is true', async () => {
    const text = await textOf(fixtureRun({ experiment: varying('epochs', [5, 100]) }))
    expect(text).toContain('Two autoencoders that differ in nothing but their epochs were trained on')
    expect(text).toContain('after epoch 100, of models with fewer epochs after their last.')
    expect(text).not.toContain('the same batches')
  })

  poppler('repeats the run by the program that the application is', async () => {
    const file = fixtureRun({ latentDims: [2] })
    const input = fixtureReport(file)
    const [installed, clone] = [oneLine(await drawReport(input, 'bottleneck-lab')), oneLine(await drawReport(input))]
    expect(installed).toContain('bottleneck-lab run --dims 2 ')
    expect(clone).toContain('npm run -s lab -- run --dims 2 ')
  })

  poppler('shows deep models as chains, and each where their lengths differ', async () => {
    const deep = varying('latentDim', [2, 8], { base: { hidden: [512, 128] } })
    expect(await textOf(fixtureRun({ experiment: deep }))).toContain(
      'Dense(512, tanh) → Dense(128, tanh) → Dense(d, tanh) → Dense(128, tanh) → Dense(512, tanh) → Dense(784, sigmoid), d = 2, 8'
    )
    const hidden = await textOf(fixtureRun({ experiment: varying('hidden', [[], [128]]) }))
    expect(hidden).toContain(
      'none: 784 pixels → Dense(16, tanh) → Dense(784, sigmoid); 128: 784 pixels → Dense(128, tanh)'
    )
    const activations = await textOf(fixtureRun({ experiment: varying('activation', ['tanh', 'relu']) }))
    expect(activations).toContain('Dense(16, activation) → Dense(784, sigmoid), activation = tanh, relu')
  })

  poppler('is true of runs that train with the squared error, and of several seeds', async () => {
    const { base } = fixtureRun().experiment
    const text = await textOf(
      fixtureRun({ latentDims: [2, 8], experiment: { base: { ...base, loss: 'mse' }, seeds: [1, 2] } })
    )
    const expected = [
      'Four autoencoders that differ in nothing but their latent dimension d and their seed were trained on',
      'Drawn by the models of seed 1 alone. Below each digit: its mean squared error.',
      'closes in mean squared error between two bounds',
      'Loss mean squared error, mean over pixels and images',
      '(mean digit − MSE) / (mean digit − perfect copy)',
      'MSE 0.0000: every test image answered with itself, the least there is',
      'Means over 10,000 test images and 2 seeds after epoch 50.',
      'min–max of 2 seeds',
      'latent dimension d',
      'Seeds 1, 2: each decides',
      '--seed 1 --seeds 2'
    ]
    for (const words of expected) expect(text).toContain(words)
    expect(text).not.toContain('grey pixels cost')
  })

  poppler('goes on over more pages where there are many models', { timeout: 240_000 }, async () => {
    const dims = Array.from({ length: 40 }, (_, index) => index + 1)
    const { bytes } = await report({ latentDims: dims, epochs: 3 })
    const path = saved(bytes)
    const text = textOfPages(path).join('\n')
    for (const d of dims)
      expect(text).toMatch(new RegExp(`^\\s*${d}\\s+[\\d,]+\\s+${(4 * d).toLocaleString('en-US')}\\s`, 'm'))
    expect(wordsOf(path).every(({ top, bottom }) => top > 30 && bottom < 842 - 18)).toBe(true)
    expect(imagesOf(path)).toHaveLength(2 * 10 * (40 + 1)) // each gallery goes over two pages, the originals on the first alone
  })

  poppler('shows a dash for what was not measured and says where the run stood', async () => {
    const { bytes } = await report({ latentDims: [2, 8], status: 'stopped', epochs: 30, epochsDone: 3 })
    expect(textOfPages(saved(bytes)).join()).toContain('Stopped at epoch 3 of 30')
    const running = await report({ latentDims: [2, 8], status: 'running', epochs: 30, epochsDone: 3 })
    const text = textOfPages(saved(running.bytes)).join()
    expect(text).toMatch(/13,336\s.*–\s+–\s+–/)
    expect(text).toContain('Still training, at epoch 3 of 30')
    expect(text).not.toMatch(/NaN|null|undefined|Infinity/)
  })

  poppler('tells its reader why a run failed, and not what its user can do about it', async () => {
    const error = new LabError('trainer-hung', 'The trainer hung', { remedy: 'Continue it' }).data
    const { bytes } = await report({ latentDims: [2, 8], status: 'failed', epochs: 4, epochsDone: 4, error })
    const text = textOfPages(saved(bytes)).join()
    expect(text).toContain('Failed at epoch 4 of 4. ')
    expect(text).toContain('The trainer hung.')
    expect(text).not.toMatch(/Continue it|not the whole recipe/)
    expect(text).toContain('14 November 2023 (UTC)')
  })

  poppler('writes no word across the margins, however long names and models are', async () => {
    const { bytes } = await report({ latentDims: dims(12), name: 'W'.repeat(80) })
    const words = wordsOf(saved(bytes))
    expect(words.length).toBeGreaterThan(500)
    for (const { text, left, right } of words) {
      expect(left, text).toBeGreaterThan(47)
      expect(right, text).toBeLessThan(548)
    }
  })

  poppler('keeps the columns and labels of diverged models apart', async () => {
    const file = fixtureRun({ latentDims: dims(12), epochs: 3 })
    const models = file.models.map((model) => ({
      ...model,
      history: { ...model.history, trainLoss: [2e18, 9e6, 9e5], valLoss: [3e7, 9e5, 581_202] },
      metrics: model.metrics && { ...model.metrics, bce: 581_202, gapClosed: 0 }
    }))
    const bytes = await drawReport(fixtureReport({ ...file, models }))
    const words = wordsOf(saved(bytes))
    const losses = words.filter(({ text }) => text === '5.81e5')
    expect(losses.length).toBeGreaterThanOrEqual(3 * 12)
    expect(words.map(({ text }) => text)).not.toContain('581202')
    for (const { text, right } of words) expect(right, text).toBeLessThan(548)
    for (const loss of losses) {
      const touching = words.filter(
        (word) =>
          word !== loss &&
          word.top < loss.bottom - 3 &&
          word.bottom > loss.top + 3 &&
          word.left < loss.right &&
          word.right > loss.left &&
          word.page === loss.page
      )
      expect(touching).toEqual([])
    }
    const text = textOfPages(saved(bytes)).join(' ').replace(/\s+/g, ' ')
    expect(text).toContain(
      'All twelve models have diverged, far above the mean digit. A smaller learning rate may help.'
    )
    expect(text).toContain('Where a model has diverged, a smaller learning rate may help.')
  })

  poppler('embeds every font, and none but Inter', async () => {
    const fonts = fontsOf(saved((await report()).bytes))
    expect(fonts.length).toBeGreaterThan(0)
    for (const font of fonts)
      expect(font).toMatchObject({ name: expect.stringMatching(/^[A-Z]{6}\+Inter/), embedded: true })
  })

  poppler('holds images pixel by pixel, as they are, as ink on white', async () => {
    const { bytes } = await report({ latentDims: [2, 16] })
    const probes = fixtureProbes().pixels
    const digits = fixtureDigits(2)
    const expected = [0, 1].flatMap((half) =>
      [probes, digits.subarray(0, 20 * PIXELS), digits.subarray(20 * PIXELS)].flatMap((row) =>
        Array.from({ length: 10 }, (_, i) => row.slice((10 * half + i) * PIXELS, (10 * half + i + 1) * PIXELS))
      )
    )
    const found = imagesOf(saved(bytes))
    expect(found).toHaveLength(expected.length)
    found.forEach(({ width, height, pixels }, index) => {
      expect([width, height]).toEqual([28, 28])
      expect(pixels.map((grey) => 255 - grey)).toEqual(expected[index])
    })
  })

  poppler('shows an image once that is among the first ten and the first of its class', async () => {
    const file = fixtureRun({ latentDims: [2] })
    const probes = fixtureProbes()
    const indices = probes.indices.map((index, place) => (place === 10 ? (probes.indices[3] ?? 0) : index))
    const run = fixtureReported(file, { probes: { ...probes, indices } })
    expect(imagesOf(saved(await drawReport({ ...fixtureReport(file), runs: [run] })))).toHaveLength(2 * 19)
  })

  it('carries run.json as an attachment', async () => {
    const { file, bytes } = await report()
    expect(await attachment(bytes, 'run.json')).toBe(runFileText(file))
  })

  it('carries the losses, its options, and the digest of each attachment', async () => {
    const { file, bytes } = await report()
    expect(await attachment(bytes, 'losses.csv')).toBe(lossesCsv(file))
    expect(JSON.parse(await attachment(bytes, 'report.json'))).toMatchObject({ options: defaultReportOptions })
    const { files } = JSON.parse(await attachment(bytes, 'digests.json')) as { files: Record<string, string> }
    expect(Object.keys(files).sort()).toEqual(['losses.csv', 'report.json', 'run.json'])
    for (const [name, digest] of Object.entries(files)) {
      expect(
        createHash('sha256')
          .update(await attachment(bytes, name))
          .digest('hex'),
        name
      ).toBe(digest)
    }
  })

  it('has a title, a subject, and an outline that leads to pages', async () => {
    const { file, bytes } = await report()
    const document = await PDFDocument.load(bytes)
    expect(document.getTitle()).toContain(file.experiment.name)
    expect(document.getSubject()).toContain('of the gap to a perfect copy')
    const titles = outlineTitles(document)
    expect(titles).toContain('Loss by epoch')
    expect(titles).toContain('How it was measured')
  })

  it('has the same bytes for the same run', async () => {
    const [one, other] = [await report(), await report()]
    expect(Buffer.from(one.bytes).equals(other.bytes)).toBe(true)
  })
})

const outOfMemory = new LabError('out-of-memory', 'The trainer ran out of memory', {
  remedy: 'Train fewer models at once'
}).data

function dims(count: number): number[] {
  return [1, 2, 3, 4, 8, 16, 32, 64, 128, 256, 512, 784].slice(0, count)
}

async function attachment(bytes: Uint8Array, name: string): Promise<string> {
  const { catalog } = await PDFDocument.load(bytes)
  const files = catalog.lookup(PDFName.of('Names'), PDFDict).lookup(PDFName.of('EmbeddedFiles'), PDFDict)
  const names = files.lookup(PDFName.of('Names'), PDFArray)
  const at = names.asArray().findIndex((entry) => textIn(entry) === name)
  const stream = names
    .lookup(at + 1, PDFDict)
    .lookup(PDFName.of('EF'), PDFDict)
    .lookup(PDFName.of('F'))
  if (!(stream instanceof PDFRawStream)) throw new Error('the attachment is no stream')
  return new TextDecoder().decode(decodePDFRawStream(stream).decode())
}

const textIn = (text: unknown) => (text instanceof PDFString || text instanceof PDFHexString ? text.decodeText() : '')

function outlineTitles(document: PDFDocument): string[] {
  const titles: string[] = []
  let item = document.catalog.lookup(PDFName.of('Outlines'), PDFDict).lookupMaybe(PDFName.of('First'), PDFDict)
  while (item) {
    titles.push(textIn(item.lookup(PDFName.of('Title'))))
    const page = item.lookup(PDFName.of('Dest'), PDFArray).get(0)
    expect(document.getPages().map(({ ref }) => ref)).toContain(page)
    item = item.lookupMaybe(PDFName.of('Next'), PDFDict)
  }
  return titles
}
