// Entry of the worker in which Chromium's WebGPU works, built to out/main/gpu-page/worker.js: the page hands it a port to a trainer.
import { serveSessions } from '../../serve-sessions'
import { openGpuSession } from '../gpu-session'
import type { AdapterAnswer, PageCalls } from './page-messages'

interface WorkerPort {
  postMessage(message: unknown): void
  onmessage: ((event: { data: unknown }) => void) | null
}
declare const navigator: { gpu?: GPU; userAgent: string }
declare const self: { onmessage: ((event: { ports: readonly WorkerPort[] }) => void) | null }

self.onmessage = ({ ports: [port] }) => {
  if (!port) return
  const calls: PageCalls = { adapter: () => describeAdapter(navigator.gpu) }
  serveSessions(
    (job) => openGpuSession(navigator.gpu as GPU, job),
    {
      send: (message) => port.postMessage(message),
      onMessage: (listener) => (port.onmessage = ({ data }) => listener(data))
    },
    calls
  )
}

async function describeAdapter(gpu: GPU | undefined): Promise<AdapterAnswer> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) return null
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info
  const name = description || device || [vendor, architecture].filter(Boolean).join(' ')
  const chromium = /Chrome\/([\d.]+)/.exec(navigator.userAgent)?.[1] ?? ''
  return { name, software: isFallbackAdapter || /swiftshader/i.test(architecture), chromium }
}
