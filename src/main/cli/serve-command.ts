// `lab serve`: the interface for a browser, until Ctrl-C.
import { serve } from '../serve/serve'
import { keepYoungSpaceSmall } from '../system/flat-memory'
import { countOption } from './experiment-options'
import type { CliHost } from './host'
import { openBrowser } from './open-browser'
import { withLab } from './with-lab'

// Other users of the machine can see the arguments of the browser that is started; it comes at once.
const OPENING_MILLISECONDS = 60_000

export const portOption = countOption('--port <number>', 'port, else any free one', 65_535)

/** Serves until interrupted, and prints another link whenever the last one has been used; a second Ctrl-C does not wait for the lab to close. */
export async function serveInterface(host: CliHost, port: number, open: boolean): Promise<void> {
  keepYoungSpaceSmall()
  await withLab(host, async (lab) => {
    lab.workUnasked()
    const served = await serve({ lab, rendererFolder: host.rendererFolder, port })
    const print = (what: string) => {
      const link = served.issueLink({ onUsed: () => print('That link is used up. The next one, for another tab: ') })
      host.stdout.write(`${what}${link}\n`)
    }
    print('Bottleneck Lab is open for a browser of this machine, until Ctrl-C. The link opens one tab:\n')
    if (open) openBrowser(served.issueLink({ lifetime: OPENING_MILLISECONDS }))
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
      else host.stderr.write('Closing. A run that trains stops at its next batch and can be continued …\n')
      resolve()
    })
  })
}
