// Where the application's own files are: fonts, icon, presets. The same in the repository, in tests and in a package.
import { dirname, join } from 'node:path'
import { exists } from './exists'

/**
 * The folder `resources`: above this code, whether it runs from source or built (a package's archive holds both),
 * else where Electron keeps a package's loose files. Throws where there is none: a broken installation.
 */
export async function resourcesFolder(from = __dirname): Promise<string> {
  const { resourcesPath } = process as { resourcesPath?: string }
  const candidates = [
    ...foldersAbove(from).map((folder) => join(folder, 'resources')),
    ...(resourcesPath ? [resourcesPath] : [])
  ]
  for (const folder of [...candidates, ...candidates.map((one) => join(one, 'resources'))]) {
    if (await exists(join(folder, 'fonts'))) return folder
  }
  throw new Error(`no folder resources with fonts above ${from}`)
}

function foldersAbove(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)]
}
