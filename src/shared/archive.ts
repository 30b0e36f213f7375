// Files that window, command line and system tell by their names: a run as one file, and reports.

/** Without the dot. */
export const ARCHIVE_EXTENSION = 'bottleneck'

/** Whether a path or a name is that of such a file. */
export function isArchiveName(name: string): boolean {
  return name.toLowerCase().endsWith(`.${ARCHIVE_EXTENSION}`)
}

/** Whether a path or a name is that of a PDF, which may be a report. */
export function isPdfName(name: string): boolean {
  return name.toLowerCase().endsWith('.pdf')
}
