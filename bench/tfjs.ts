// TensorFlow.js as a contender: its native binding, used as the article would. It is not ours to install: it is found or skipped.
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openPeer } from './peer'
import type { Contender } from './contender'
import { attempt, type Setup } from './setup'

/** The package for GPUs has the same program for the processor where there is no GPU. */
const packages = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu']

/** Starts it, or tells in `skipped` why not. */
export async function openTfjs(setup: Setup, scripts: string): Promise<Contender[]> {
  const { root, options, dataFolder, threads } = setup
  const what = { name: 'tfjs', title: 'TensorFlow.js, native, one by one' }
  const contender = await attempt(setup, what, () => {
    const packageFile = findPackage(options.tfjs === undefined ? [root] : [options.tfjs])
    const args = [join(scripts, 'tfjs-fit.mjs'), packageFile, dataFolder]
    return openPeer({ name: what.name, kind: 'peer', command: process.execPath, args, threads })
  })
  return contender ? [contender] : []
}

/** Path of the package.json of a package that has its native part. Throws where there is none. */
export function findPackage(folders: readonly string[]): string {
  const files = folders.flatMap((folder) => packages.map((name) => join(folder, 'node_modules', name, 'package.json')))
  const found = files.filter((file) => existsSync(file))
  const usable = found.find(hasNativePart)
  if (usable) return usable
  const [file] = found
  throw new Error(file ? `${dirname(file)} has no native part` : `${packages[0]} is not installed`)
}

function hasNativePart(file: string): boolean {
  const built = join(dirname(file), 'lib')
  return existsSync(built) && readdirSync(built).some((name) => existsSync(join(built, name, 'tfjs_binding.node')))
}
