// The one bridge between the page and the main process. It runs sandboxed: it forwards plain data and decides nothing.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { channels, type Bridge } from '@shared/bridge'
import type { CommandId } from '@shared/commands'

type Dropped = Parameters<typeof webUtils.getPathForFile>[0]

const bridge: Bridge = {
  platform: process.platform,
  send: (message) => ipcRenderer.send(channels.lab, message),
  onMessage: (listener) => {
    ipcRenderer.on(channels.lab, (_event, message: unknown) => listener(message))
  },
  saveFile: (name, bytes) => ipcRenderer.invoke(channels.saveFile, name, bytes) as Promise<string | null>,
  copyText: (text) => ipcRenderer.invoke(channels.copyText, text) as Promise<void>,
  copyPicture: (png) => ipcRenderer.invoke(channels.copyPicture, png) as Promise<void>,
  revealRun: (id) => ipcRenderer.invoke(channels.revealRun, id) as Promise<void>,
  chooseFolder: () => ipcRenderer.invoke(channels.chooseFolder) as Promise<string | null>,
  // before Electron 29 there is no webUtils: the File itself has its path
  pathOf: (file) =>
    (webUtils as typeof webUtils | undefined)?.getPathForFile(file as Dropped) ??
    (file as { path?: string }).path ??
    '',
  takeOpenedFiles: () => ipcRenderer.invoke(channels.takeOpenedFiles) as Promise<string[]>,
  onFileOpened: (listener) => {
    ipcRenderer.on(channels.fileOpened, () => listener())
  },
  setSaving: (isSaving) => ipcRenderer.send(channels.saving, isSaving),
  onCommand: (listener) => {
    ipcRenderer.on(channels.command, (_event, command: CommandId) => listener(command))
  }
}

contextBridge.exposeInMainWorld('bottleneckLab', Object.freeze(bridge))
