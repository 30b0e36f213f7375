// A data file under its other usual names: `train-images.idx3-ubyte`, in capitals, in a folder `raw`.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isNoFolder } from '../system/exists'

/** Folders within the data folder where other programs put the files, nearest first; torchvision has `MNIST/raw`. */
const places = ['', 'raw', 'mnist', 'mnist/raw']

export interface FoundFile {
  /** The file itself; null where there is none that can be read as it is. */
  path: string | null
  /** Its compressed form, if that alone is there. */
  compressed: string | null
}

/**
 * Looks for a file that its data set calls `name`; letters' case, dots for dashes and the places above do not count. A folder of that
 * name is looked into as well: some archives are unpacked so.
 */
export async function findDataFile(folder: string, name: string): Promise<FoundFile> {
  let compressed: string | null = null
  for (const place of places) {
    for (const inside of await foldersLike(folder, place)) {
      const found = await findIn(inside, name)
      if (found.path !== null) return { path: found.path, compressed: null }
      compressed ??= found.compressed
    }
  }
  return { path: null, compressed }
}

async function findIn(folder: string, name: string): Promise<FoundFile> {
  const own = join(folder, name)
  if (await isNoFolder(own)) return { path: own, compressed: null } // however many names a folder has
  const alike = await namesLike(folder, plain(name))
  const nested = (await Promise.all(alike.map((path) => namesLike(path, plain(name))))).flat()
  const path = await firstFile([...alike, ...nested])
  return { path, compressed: await firstFile(await namesLike(folder, `${plain(name)}-gz`)) }
}

/** The paths of what is called so in a folder. */
async function namesLike(folder: string, plainName: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => plain(name) === plainName).map((name) => join(folder, name))
}

async function firstFile(paths: string[]): Promise<string | null> {
  for (const path of paths) if (await isNoFolder(path)) return path // what is no file is refused, with its reason, where it is read
  return null
}

const plain = (name: string) => name.toLowerCase().replaceAll('.', '-')

/** The folders that `place` names, letters' case aside. */
async function foldersLike(folder: string, place: string): Promise<string[]> {
  let found = [folder]
  for (const part of place.split('/').filter(Boolean)) {
    const inside = await Promise.all(
      found.map(async (path) =>
        (await namesIn(path)).filter((name) => name.toLowerCase() === part).map((name) => join(path, name))
      )
    )
    found = inside.flat()
  }
  return found
}

/** None where the folder can't be read: who asked for it hears of the missing file. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).then(
    (names) => names.sort(),
    () => []
  )
}
