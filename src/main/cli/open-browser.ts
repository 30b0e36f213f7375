// Opens a link in the user's browser, where there is one.
import { spawn } from 'node:child_process'

/** Tries and says nothing if it fails: the link is printed as well. Linux without a display is left alone. */
export function openBrowser(link: string, environment: NodeJS.ProcessEnv = process.env): void {
  const [command, ...args] = opener(link, environment) ?? []
  if (command === undefined) return
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}

function opener(link: string, environment: NodeJS.ProcessEnv): string[] | null {
  if (process.platform === 'darwin') return ['open', link]
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', link]
  return environment.DISPLAY || environment.WAYLAND_DISPLAY ? ['xdg-open', link] : null
}
