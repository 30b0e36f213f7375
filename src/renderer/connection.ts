// Connects to the lab, and again whenever the connection is lost: at once, then after ever longer pauses up to 5 s.
import { connectLab } from '@shared/rpc'
import { host } from './host'
import type { useLabStore } from './stores/lab'

const LONGEST_PAUSE = 5000

export async function keepConnected(lab: ReturnType<typeof useLabStore>): Promise<void> {
  for (let pause = 250; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      const client = connectLab(await host.openTransport())
      const ended = new Promise<void>((resolve) => client.onClose(resolve))
      await Promise.race([lab.attach(client), ended])
      pause = 250
      await ended
    } catch {
      // the next attempt follows; meanwhile the window says that the lab can't be reached
    }
    lab.detach()
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}
