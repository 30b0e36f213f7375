// The log file: one line an event, rotated at 1 MB into `.old.log`. Nothing is printed on the console.
import log from 'electron-log/node'

export interface Log {
  info(message: string): void
  warn(message: string): void
  error(message: string, thrown?: unknown): void
}

/** Opens the log at `path`; messages hold no pixel data and no token. */
export function openLog(path: string): Log {
  const logger = log.create({ logId: path })
  logger.transports.console.level = false
  logger.transports.file.resolvePathFn = () => path
  logger.transports.file.maxSize = 1_000_000
  return {
    info: (message) => logger.info(message),
    warn: (message) => logger.warn(message),
    error: (message, thrown) =>
      logger.error(message, thrown instanceof Error ? (thrown.stack ?? thrown.message) : (thrown ?? ''))
  }
}
