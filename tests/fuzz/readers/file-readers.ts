// The application's other files: settings, what is known of devices, where the window stood, the cache of PCA, the data set.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FoundDevice } from '@shared/contract'
import { readIdx, readIdxSizes } from '../../../src/main/data/idx'
import { mnist } from '../../../src/main/data/mnist'
import { boundsOnScreen, readRemembered, remember } from '../../../src/main/desktop/remembered'
import { createDeviceHistory } from '../../../src/main/lab/device-history'
import { readSettingsFile, writeSettingsFile } from '../../../src/main/lab/settings'
import { readSpectrum } from '../../../src/main/trainer/pca-baseline'
import { fixtureDevice } from '../../fixtures/device'
import { Fault, type FuzzReader } from '../reader'

const json = (...values: unknown[]) => values.map((value) => Buffer.from(JSON.stringify(value)))

export const settings: FuzzReader = {
  name: 'settings',
  form: 'json',
  seeds: () =>
    json({ theme: 'dark', runsFolder: '/home/runs' }, { theme: 'system', runsFolder: null, later: { a: [1] } }),
  open(folder) {
    const path = join(folder, 'settings.json')
    return {
      async read(input) {
        writeFileSync(path, input)
        const before = await readSettingsFile(path)
        await writeSettingsFile(path, before.settings)
        const after = await readSettingsFile(path)
        if (after.problem) throw new Fault(`what was written can't be read: ${after.problem.found}`)
        const kept = (file: typeof before) => JSON.stringify([file.settings, file.unknown])
        if (kept(after) !== kept(before)) throw new Fault('what was read and written are other settings')
        for (const name of readdirSync(folder)) rmSync(join(folder, name))
        return before.problem ? [before.problem] : []
      }
    }
  }
}

export const devices: FuzzReader = {
  name: 'devices',
  form: 'json',
  seeds: () => {
    const { name, title, detail, driver, runtimeVersion } = fixtureDevice('cpu')
    const entry = {
      name,
      title,
      detail,
      driver,
      runtimeVersion,
      appVersion: '1',
      millisecondsPerStep: 2,
      lastFailure: ''
    }
    return [...json({ format: 2, devices: [entry] }), readFileSync('tests/fixtures/devices-format-1.json')]
  },
  open(folder) {
    const path = join(folder, 'devices.json')
    const device: FoundDevice = fixtureDevice('cpu')
    const noLog = () => undefined
    return {
      async read(input) {
        writeFileSync(path, input)
        const history = createDeviceHistory(path, '1', { info: noLog, warn: noLog, error: noLog })
        await history.recall([device])
        await history.noteSpeed(device, 3)
        const [record] = await history.recall([device])
        if (record?.millisecondsPerStep !== 3) throw new Fault('what was noted is not recalled')
      }
    }
  }
}

const workAreas = [
  { x: 0, y: 0, width: 1920, height: 1040 },
  { x: 1920, y: 0, width: 1280, height: 700 }
]

export const remembered: FuzzReader = {
  name: 'remembered',
  form: 'json',
  seeds: () =>
    json(
      { bounds: { x: 1, y: 2, width: 1200, height: 800 }, maximized: true, saveFolder: '/home' },
      { bounds: null, maximized: false, saveFolder: null }
    ),
  open(folder) {
    const path = join(folder, 'window.json')
    return {
      read(input) {
        writeFileSync(path, input)
        const { bounds } = readRemembered(path)
        const shown = bounds && boundsOnScreen(bounds, workAreas)
        if (shown && !Object.values(shown).every(Number.isFinite)) throw new Fault(`bounds ${JSON.stringify(shown)}`)
        if (shown && (shown.width < 1 || shown.height < 1)) throw new Fault(`bounds ${JSON.stringify(shown)}`)
        remember(path, { saveFolder: '/elsewhere' })
        if (readRemembered(path).saveFolder !== '/elsewhere') throw new Fault('what was remembered is not read')
      }
    }
  }
}

const sha256 = 'a'.repeat(64)

export const spectrum: FuzzReader = {
  name: 'spectrum',
  form: 'json',
  seeds: () => json({ format: 1, sha256, trainCount: 5, testMse: [3, 2, 1, 0] }),
  open(folder) {
    const path = join(folder, 'pca.json')
    return {
      async read(input) {
        writeFileSync(path, input)
        const read = await readSpectrum(path, { sha256, trainCount: 5, least: 4 })
        if (read && !read.every((value) => value >= 0 && Number.isFinite(value))) throw new Fault(read.join())
      }
    }
  }
}

/** An IDX file of bytes with these sizes. */
function idx(...sizes: number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length)
  header.writeUInt32BE(0x0800 + sizes.length)
  sizes.forEach((size, index) => header.writeUInt32BE(size, 4 + 4 * index))
  return Buffer.concat([
    header,
    Buffer.alloc(
      sizes.reduce((product, size) => product * size, 1),
      3
    )
  ])
}

const GZIP = Buffer.from('1f8b0800000000000003636068e06060e080603000a8b6d1a90c000000', 'hex')

export const dataFiles: FuzzReader = {
  name: 'data-files',
  form: 'bytes',
  seeds: () => [idx(2, 28, 28), idx(10), idx(0), idx(1, 1, 1), GZIP],
  open(folder) {
    const place = join(folder, 'raw')
    mkdirSync(place)
    const path = join(place, 't10k-images.idx3-ubyte')
    return {
      async read(input) {
        writeFileSync(path, input)
        const attempts = [readIdx(path, 3), readIdx(path, 1), readIdxSizes(path, 3), mnist.loadTestSet(folder)]
        const ended = await Promise.allSettled<unknown>(attempts)
        const wrong = ended.find((one) => one.status === 'rejected' && one.reason?.name !== 'LabError')
        if (wrong?.status === 'rejected') throw wrong.reason
        return ended.flatMap((one) => (one.status === 'rejected' ? [one.reason.data] : []))
      }
    }
  }
}
