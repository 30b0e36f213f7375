// `lab serve`: the interface for a browser, until Ctrl-C.
import { LabError } from '@shared/errors'
import { serve } from '../serve/serve'
import type { ValueOption } from './experiment-options'
import type { CliHost } from './host'
import { openBrowser } from './open-browser'
import { shownValue } from './usage-error'
import { withLab } from './with-lab'

const expected = 'a whole number from 1 to 65,535'

export const portOption: ValueOption<number> = {
  flags: '--port <number>',
  description: 'port, else any free one',
  expected,
  parse(text) {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
    if (port < 1 || port > 65_535) {
      throw new LabError('bad-value', '--port is not usable', { found: shownValue(text), expected })
    }
    return port
  }
}

/** Serves until interrupted; a second Ctrl-C does not wait for the lab to close. */
export async function serveInterface(host: CliHost, port: number, open: boolean): Promise<void> {
  await withLab(host, async (lab) => {
    const served = await serve({ lab, rendererFolder: host.rendererFolder, port })
    host.stdout.write(`Bottleneck Lab is open for a browser of this machine, until Ctrl-C:\n${served.link}\n`)
    if (open) openBrowser(served.issueLink())
    await interruption(host)
    await served.close()
  })
}

function interruption(host: CliHost): Promise<void> {
  let interrupts = 0
  return new Promise((resolve) => {
    host.onInterrupt(() => {
      interrupts += 1
      if (interrupts > 1) host.endNow(0)
      resolve()
    })
  })
}
