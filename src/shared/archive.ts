// A run as one file: what window, command line and system know it by.

/** Without the dot. */
export const ARCHIVE_EXTENSION = 'bottleneck'

/** Whether a path or a name is that of such a file. */
export function isArchiveName(name: string): boolean {
  return name.toLowerCase().endsWith(`.${ARCHIVE_EXTENSION}`)
}
