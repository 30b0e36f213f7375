// The report's typeface: Inter from resources/fonts, registered once a process; the system's fonts are never asked for.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GlobalFonts } from '@napi-rs/canvas'
import { resourcesFolder } from '../system/resources'
import { withTabularFigures } from './tabular-figures'

/** The family name that canvas text and charts ask for. */
export const REPORT_FONT = 'Inter of the report'
const files = ['Inter-Regular.ttf', 'Inter-Medium.ttf', 'Inter-SemiBold.ttf', 'Inter-Bold.ttf']

/** Makes REPORT_FONT known to the canvas in weights 400, 500, 600 and 700. Throws where the files are missing or unreadable. */
export async function registerFonts(): Promise<void> {
  if (GlobalFonts.has(REPORT_FONT)) return
  const folder = join(await resourcesFolder(), 'fonts')
  const fonts = await Promise.all(files.map((file) => readFile(join(folder, file)))) // as bytes: an archive has no paths
  for (const font of fonts) {
    if (!GlobalFonts.register(withTabularFigures(font), REPORT_FONT))
      throw new Error(`a font in ${folder} is unreadable`)
  }
}
