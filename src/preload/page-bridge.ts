// The one bridge between the page and the main process. It runs sandboxed: it forwards plain data and decides nothing.
import { contextBridge, ipcRenderer } from 'electron'
import { channels, type Bridge, type CommandId } from '@shared/bridge'

const bridge: Bridge = {
  platform: process.platform,
  send: (message) => ipcRenderer.send(channels.lab, message),
  onMessage: (listener) => {
    ipcRenderer.on(channels.lab, (_event, message: unknown) => listener(message))
  },
  saveFile: (name, bytes) => ipcRenderer.invoke(channels.saveFile, name, bytes) as Promise<string | null>,
  copyText: (text) => ipcRenderer.invoke(channels.copyText, text) as Promise<void>,
  onCommand: (listener) => {
    ipcRenderer.on(channels.command, (_event, command: CommandId) => listener(command))
  }
}

contextBridge.exposeInMainWorld('bottleneckLab', Object.freeze(bridge))
