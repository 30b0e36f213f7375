// The files that a run is made of, as they are taken elsewhere: into another runs folder, into one file.
import { lstat, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { ANALYSIS_FOLDER } from './analysis-cache'
import { runFolderFiles } from './run-folder'

export interface RunPart {
  path: string
  /** Below the run's folder, with slashes: `run.json`, `weights/0002.safetensors`. */
  name: string
  bytes: number
}

export interface ChosenParts {
  /** Those of single epochs; the last epoch's are in the checkpoint. */
  weights: boolean
  /** What was computed of the run and can be computed again. */
  analyses: boolean
}

/** Without the claim of an owner, which holds where it lies. Regular files only: a link in a folder from elsewhere may point anywhere. */
export async function runParts(folder: string, chosen: ChosenParts): Promise<RunPart[]> {
  const { owner: _, weights, ...files } = runFolderFiles(folder)
  const paths = [
    ...Object.values(files),
    ...(chosen.weights ? await pathsIn(weights) : []),
    ...(chosen.analyses ? await pathsIn(join(folder, ANALYSIS_FOLDER)) : [])
  ]
  const entries = await Promise.all(paths.map(async (path) => ({ path, entry: await lstat(path).catch(() => null) })))
  return entries.flatMap(({ path, entry }) =>
    entry?.isFile() ? [{ path, name: relative(folder, path).replaceAll(sep, '/'), bytes: entry.size }] : []
  )
}

/** In the order of their names, whatever the disk's is. */
async function pathsIn(folder: string): Promise<string[]> {
  const isThere = (await lstat(folder).catch(() => null))?.isDirectory() ?? false
  return isThere ? (await readdir(folder)).sort().map((name) => join(folder, name)) : []
}
