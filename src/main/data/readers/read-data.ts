// Reads whatever a user names as images: what kind it is is decided by the name and the first bytes.
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { LabError } from '@shared/errors'
import { plainText } from '@shared/plain-text'
import { withRegularFile, readInto } from '../../system/regular-file'
import { systemReason } from '../../system/system-error'
import { findCsvFiles, readCsv } from './csv-reader'
import { readImageFolder } from './folder-reader'
import { findIdxFiles, readIdxSet } from './idx-reader'
import { readNpz } from './npz-reader'
import { badData, USERS_FILE, type ReadImages, type ReadTools } from './read-images'

/** Reads the images at a path. Throws LabError with what was found, what was expected and what helps. */
export async function readData(given: string, tools: ReadTools): Promise<ReadImages> {
  const path = resolve(given)
  if (await isFolder(path)) return readFolder(path, tools)
  const idx = await findIdxFiles(path)
  if (idx) return readIdxSet(idx, tools)
  const head = await firstBytes(path)
  if (head.subarray(0, 2).toString('latin1') === 'PK') return readNpz(path, tools)
  if (head[0] === 0 && head[1] === 0) return readIdxSet({ trainImages: path }, tools)
  if (/\.(csv|tsv|txt)(\.gz)?$/i.test(path)) return readCsv(path, null, tools)
  throw badData(path, `a file called ${basename(path)}`, 'IDX, NPZ, CSV, or a folder of PNG or JPEG images')
}

async function readFolder(path: string, tools: ReadTools): Promise<ReadImages> {
  const idx = await findIdxFiles(path)
  if (idx) return readIdxSet(idx, tools)
  const csv = await findCsvFiles(path)
  if (csv) return readCsv(csv.train, csv.test, tools)
  return readImageFolder(path, tools)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new LabError('not-found', `There is nothing at ${plainText(path)}`, {
        expected: 'a file or folder of images'
      })
    }
    throw new LabError('bad-file', `${plainText(path)} can’t be read`, systemReason(error))
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  return withRegularFile(path, USERS_FILE, async (file) => {
    const head = Buffer.alloc(4)
    return head.subarray(0, await readInto(file, head, 0))
  })
}
