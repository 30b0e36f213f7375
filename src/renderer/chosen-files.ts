// What the user has dropped or chosen: a path where the window knows one, else the files themselves with their paths within what was given.
import { MOST_UPLOAD_FILES } from '@shared/dataset'
import { host } from './window-host'

export interface ChosenFile {
  /** Names of folders and file, joined by `/`. */
  path: string
  file: File
}

export type Chosen = { path: string } | { files: ChosenFile[] }

/** Hidden files, and what systems leave beside pictures. */
const isLeftOut = (name: string) => name.startsWith('.') || name === 'Thumbs.db'

/** Of a drop, which has to be asked while its event lasts. Folders are looked through, as far as files may be sent. */
export async function droppedFiles(transfer: DataTransfer | null): Promise<Chosen | null> {
  const files = [...(transfer?.files ?? [])]
  const known = pathOfOne(files)
  if (known) return known
  const entries = [...(transfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? [])
  if (entries.length === 0) return picked(files) // of files that never were in a folder
  const found: ChosenFile[] = []
  for (const entry of entries) await collect(entry, found)
  return chosen(found)
}

/** Of a file chooser. */
export function pickedFiles(list: FileList | null): Chosen | null {
  const files = [...(list ?? [])]
  return pathOfOne(files) ?? picked(files)
}

function picked(files: File[]): Chosen | null {
  const found = files.map((file) => ({ path: file.webkitRelativePath || file.name, file }))
  return chosen(found.filter(({ path }) => !path.split('/').some(isLeftOut)))
}

/** Of several things the lab could not tell that they belong together: they are sent. */
function pathOfOne([only, ...others]: File[]): Chosen | null {
  const path = only && others.length === 0 ? host.pathOf(only) : ''
  return path ? { path } : null
}

const chosen = (files: ChosenFile[]) => (files.length > 0 ? { files } : null)

/** One file too many is enough: it is refused then. */
async function collect(entry: FileSystemEntry, found: ChosenFile[]): Promise<void> {
  if (isLeftOut(entry.name) || found.length > MOST_UPLOAD_FILES) return
  if (entry.isFile) {
    const file = await new Promise<File>((take, fail) => (entry as FileSystemFileEntry).file(take, fail))
    found.push({ path: entry.fullPath.replace(/^\//, ''), file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((take, fail) => reader.readEntries(take, fail))
    if (some.length === 0) return
    for (const inner of some) await collect(inner, found)
  }
}

/** `train.csv`, `train.csv and 3 more files`. */
export function chosenInWords(files: readonly ChosenFile[]): string {
  const [first] = files
  if (!first) return ''
  const [folder, ...rest] = first.path.split('/')
  const isOneFolder = rest.length > 0 && files.every(({ path }) => path.startsWith(`${folder}/`))
  if (isOneFolder) return `the folder ${folder}`
  return files.length === 1 ? first.path : `${first.path} and ${files.length - 1} more`
}
