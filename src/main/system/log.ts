// The log file: one line an event, rotated at 1 MB into `.old.log`. Nothing is printed on the console.
import { dirname } from 'node:path'
import log from 'electron-log/node'
import { makeFolderSync, PRIVATE_FILE } from './make-folder'

export interface Log {
  info(message: string): void
  warn(message: string): void
  error(message: string, thrown?: unknown): void
}

/** Opens the log at `path`; messages hold no pixel data and no token. Where its folder can't be made they are lost, which must not end what is logged. */
export function openLog(path: string): Log {
  const logger = log.create({ logId: path })
  logger.transports.console.level = false
  logger.transports.file.resolvePathFn = () => path
  logger.transports.file.maxSize = 1_000_000
  logger.transports.file.writeOptions = { flag: 'a', mode: PRIVATE_FILE, encoding: 'utf8' }
  let writable: boolean | null = null
  const whereWritable = (write: () => void) => {
    writable ??= canMakeFolder(dirname(path))
    if (writable) write()
  }
  return {
    info: (message) => whereWritable(() => logger.info(message)),
    warn: (message) => whereWritable(() => logger.warn(message)),
    error: (message, thrown) =>
      whereWritable(() =>
        logger.error(message, thrown instanceof Error ? (thrown.stack ?? thrown.message) : (thrown ?? ''))
      )
  }
}

/** The log's own library makes it with Node's recursive mkdir, which may never end: see makeFolder. */
function canMakeFolder(folder: string): boolean {
  try {
    makeFolderSync(folder)
    return true
  } catch {
    return false
  }
}
