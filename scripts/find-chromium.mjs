// Finds a Chromium or Chrome on this machine, for tests and pictures in a browser.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe']
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS',
  'C:\\Program Files\\Google\\Chrome\\Application',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application'
]

/** Path of the executable, BOTTLENECK_LAB_CHROMIUM first, or undefined. */
export function findChromium() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...places]
  const found = folders.flatMap((folder) => [...names, 'Google Chrome'].map((name) => join(folder, name)))
  return [process.env.BOTTLENECK_LAB_CHROMIUM, ...found].find((path) => path && existsSync(path))
}
