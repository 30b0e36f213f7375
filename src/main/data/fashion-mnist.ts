// Fashion-MNIST: what it is, what its files must be, where this computer may have them, and how they come from their publisher.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FASHION_PUBLISHER } from '@shared/dataset'
import { LabError, messageOf } from '@shared/errors'
import { formatBytes } from '@shared/format'
import systemPlaces from '../../../resources/fashion-mnist/places.json'
import { PRIVATE_FILE, makeFolder } from '../system/make-folder'
import { findIdxFiles, readIdxFile, type IdxPaths, type IdxRole } from './readers/idx-reader'
import { badData, cancelled, checkNotCancelled, type ReadImages, type ReadTools } from './readers/read-images'

interface PublishedFile {
  name: string
  /** Of the unpacked content, as Debian's package dataset-fashion-mnist has it. */
  sha256: string
}

export const fashionFiles: Readonly<Record<IdxRole, PublishedFile>> = {
  trainImages: {
    name: 'train-images-idx3-ubyte.gz',
    sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888'
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte.gz',
    sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9'
  },
  testImages: {
    name: 't10k-images-idx3-ubyte.gz',
    sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b'
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte.gz',
    sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34'
  }
}

export const FASHION = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST articles of clothing',
  licence: 'MIT, copyright Zalando SE',
  citation:
    'Xiao, H., Rasul, K., Vollgraf, R., 2017. Fashion-MNIST: a novel image dataset for benchmarking machine learning ' +
    'algorithms. arXiv:1708.07747.',
  classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot']
} as const

/** Where installers put it (scripts/package.mjs), then where systems have it: Debian's package first. */
const { resourcesPath } = process as { resourcesPath?: string } // Electron's alone
const PLACES = [...(resourcesPath ? [join(resourcesPath, 'fashion-mnist')] : []), ...systemPlaces]
/** The largest of its files has 26 MB. */
const MOST_DOWNLOADED = 40_000_000
const roles = Object.keys(fashionFiles) as IdxRole[]

/** The folder of this computer that has all of its files; null where none has. */
export async function fashionFolder(places: readonly string[] = PLACES): Promise<string | null> {
  for (const place of places) {
    const found = await findIdxFiles(place).catch(() => null)
    if (found && roles.every((role) => found[role])) return place
  }
  return null
}

/** Reads it from a folder and checks every digest. Throws LabError `not-found` or `bad-file`. */
export async function readFashion(folder: string, tools: ReadTools): Promise<ReadImages> {
  const paths = await findIdxFiles(folder)
  const missing = roles.find((role) => !paths?.[role])
  if (!paths || missing) {
    throw new LabError('not-found', `Fashion-MNIST is not all in ${folder}`, {
      expected: roles.map((role) => fashionFiles[role].name).join(', '),
      remedy: 'Name the folder that has these files, packed or not'
    })
  }
  const [train, test] = [await readPart(paths, 'train', tools), await readPart(paths, 'test', tools)]
  return { kind: 'IDX', rows: 28, columns: 28, train, test, notes: [] }
}

async function readPart(paths: IdxPaths, part: 'train' | 'test', tools: ReadTools) {
  const images = await readChecked(paths, `${part}Images`, 3, tools)
  const labels = await readChecked(paths, `${part}Labels`, 1, tools)
  return { pixels: images, labels: Array.from(labels, (label) => FASHION.classes[label] ?? '') }
}

async function readChecked(paths: IdxPaths, role: IdxRole, dimensions: number, tools: ReadTools): Promise<Uint8Array> {
  const path = paths[role] ?? ''
  const { values, sha256 } = await readIdxFile(path, dimensions, tools)
  if (sha256 === fashionFiles[role].sha256) return values
  throw badData(
    path,
    `content with SHA-256 ${sha256}`,
    `that of Fashion-MNIST, ${fashionFiles[role].sha256}`,
    'Add it under a name of its own'
  )
}

/**
 * Fetches the four files from their publisher into a fresh folder below `cache`, hands it to `use`, which checks what came as
 * `readFashion` does, and removes it. Only for a user who has asked for it. Throws LabError `not-found` where the publisher can't be reached, and `bad-file`.
 */
export async function withDownload<T>(
  cache: string,
  { signal, onProgress }: ReadTools,
  use: (folder: string) => Promise<T>,
  address = FASHION_PUBLISHER
): Promise<T> {
  await makeFolder(cache)
  const folder = await mkdtemp(join(cache, 'download-'))
  try {
    for (const [index, role] of roles.entries()) {
      onProgress(index, roles.length)
      const { name } = fashionFiles[role]
      const bytes = await fetched(`${address}${name}`, signal)
      await writeFile(join(folder, name), bytes, { mode: PRIVATE_FILE, flag: 'wx' })
    }
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function fetched(address: string, signal: AbortSignal): Promise<Buffer> {
  try {
    const answer = await fetch(address, { signal, redirect: 'error' })
    if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`)
    const parts: Uint8Array[] = []
    let bytes = 0
    for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
      checkNotCancelled(signal)
      bytes += part.length
      if (bytes > MOST_DOWNLOADED) throw badData(address, 'a longer file', `at most ${formatBytes(MOST_DOWNLOADED)}`)
      parts.push(part)
    }
    return Buffer.concat(parts)
  } catch (error) {
    if (error instanceof LabError) throw error
    if (signal.aborted) throw cancelled()
    const { cause } = error as { cause?: unknown }
    throw new LabError('not-found', `${address} can’t be fetched`, {
      found: messageOf(cause ?? error),
      remedy: 'Take the files from elsewhere: --from FOLDER'
    })
  }
}
