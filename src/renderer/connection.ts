// Connects to the lab, and again whenever the connection is lost: at once, then after ever longer pauses up to 5 s.
import { LabError, toLabErrorData, type LabErrorData } from '@shared/errors'
import { connectLab } from '@shared/rpc'
import { host } from './window-host'
import type { useLabStore } from './stores/lab-store'

const LONGEST_PAUSE = 5000

type LabStore = ReturnType<typeof useLabStore>

export async function keepConnected(lab: LabStore): Promise<void> {
  for (let pause = 250; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const { used, problem } = await connectOnce(lab)
    lab.detach(problem)
    if (used) pause = 250
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** One connection from its beginning to its end: whether it came into use, and the failure of the lab that ended it. */
async function connectOnce(lab: LabStore): Promise<{ used: boolean; problem: LabErrorData | null }> {
  const opened = await host.openTransport().then(
    (transport) => ({ transport }),
    (thrown: unknown) => ({ problem: thrown instanceof LabError ? thrown.data : null })
  )
  if ('problem' in opened) return { used: false, problem: opened.problem }
  const { transport } = opened
  let isOver = false
  const ended = new Promise<void>((resolve) =>
    transport.onClose(() => {
      isOver = true
      resolve()
    })
  )
  try {
    await Promise.race([lab.attach(connectLab(transport)), ended])
    const used = !isOver
    await ended
    return { used, problem: null }
  } catch (thrown) {
    return { used: false, problem: isOver ? null : toLabErrorData(thrown) }
  } finally {
    transport.close()
  }
}
