// Entry of the hidden page's script, built to out/main/gpu-page/page.js: hands the port that its preload script got to a worker.
interface PortMessage {
  source: unknown
  ports: readonly unknown[]
}
declare const window: { addEventListener(type: 'message', listener: (event: PortMessage) => void): void }
declare const Worker: new (url: string) => { postMessage(message: unknown, transfer: readonly unknown[]): void }

const worker = new Worker('worker.js')
window.addEventListener('message', ({ source, ports }) => {
  if (source === window && ports.length === 1) worker.postMessage('port', ports)
})

export {}
