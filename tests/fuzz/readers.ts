// Every reader of what comes from outside, and both transports.
import type { FuzzReader } from './reader'
import { archives } from './readers/archive-reader'
import { commandArgumentsReader } from './readers/arguments-reader'
import { csvData, npzData, pictures } from './readers/data-readers'
import { dataFiles, devices, remembered, settings, spectrum } from './readers/file-readers'
import { ipcMessages } from './readers/ipc-reader'
import { reports } from './readers/report-reader'
import { checkpoint, digits, ownerFile, runFile } from './readers/run-folder-readers'
import { connections, openings, socketMessages } from './readers/socket-readers'
import { addresses, experiments, typedNumbers } from './readers/typed-readers'

export const readers: readonly FuzzReader[] = [
  runFile,
  digits,
  checkpoint,
  ownerFile,
  archives,
  reports,
  settings,
  devices,
  remembered,
  spectrum,
  dataFiles,
  npzData,
  csvData,
  pictures,
  typedNumbers,
  experiments,
  commandArgumentsReader,
  addresses,
  ipcMessages,
  socketMessages,
  openings,
  connections
]
