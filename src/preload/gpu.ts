// Preload script of WebGPU's hidden page: hands on the port to a trainer that the main process sends, and nothing else.
import { ipcRenderer } from 'electron'

declare const window: {
  postMessage(message: string, origin: string, ports: readonly unknown[]): void
  location: { origin: string }
}

ipcRenderer.on('port', ({ ports }) => window.postMessage('port', window.location.origin, ports))
