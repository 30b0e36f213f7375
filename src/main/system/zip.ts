// ZIP archives whose bytes depend on their content alone.
import { zipSync, type ZipOptions } from 'fflate'

/** The earliest date that the format knows, by the wall clock of whatever time zone is set. */
const earliest = () => new Date(1980, 0, 1)

export interface NamedFile {
  /** With slashes where it lies in a folder. */
  name: string
  content: Uint8Array
}

/** `stored`: not compressed, as NumPy and Keras write theirs. */
export function zipOf(files: readonly NamedFile[], { stored = false } = {}): Uint8Array {
  const options: ZipOptions = { mtime: earliest(), level: stored ? 0 : 6 }
  return zipSync(Object.fromEntries(files.map(({ name, content }) => [name, content])), options)
}
