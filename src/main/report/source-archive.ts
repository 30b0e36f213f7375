// The report's source as one file, for those who go on writing in it: what Typst is given, the fonts, and how to make the pages of them.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReportOptions } from '@shared/report-options'
import { resourcesFolder } from '../system/resources'
import { zipOf, type NamedFile } from '../system/zip'
import type { Sources } from './typeset'

const FONTS = 'fonts'
const LICENCE = 'OFL.txt'

/** A ZIP; the same sources give the same bytes. Throws where the fonts' licence is missing: a broken installation. */
export async function sourceArchive(
  sources: Sources,
  fonts: readonly NamedFile[],
  standard: ReportOptions['pdf']
): Promise<Uint8Array> {
  const text = (content: string) => new TextEncoder().encode(content)
  const licence = { name: LICENCE, content: await readFile(join(await resourcesFolder(), 'fonts', LICENCE)) }
  const made = [...sources].map(([name, content]) => ({
    name,
    content: typeof content === 'string' ? text(content) : content
  }))
  const inFolder = [...fonts, licence].map(({ name, content }) => ({ name: `${FONTS}/${name}`, content }))
  return zipOf([{ name: 'README.txt', content: text(readme(standard)) }, ...made, ...inFolder])
}

const readme = (
  standard: ReportOptions['pdf']
) => `The source of a report by Bottleneck Lab, for Typst 0.14 or newer (https://typst.app).

To make the same pages, in this folder:

    typst compile --ignore-system-fonts --font-path ${FONTS} --pdf-standard ${standard} main.typ

main.typ       where the document begins; the other .typ files are its parts, style.typ has sizes and colours
document.json  every text and figure of the tables, as they are printed
*.svg          the charts, with their texts as text
*.bin          the images, a byte a pixel (0 black, 255 white), one behind another
${FONTS}/         Inter, under the SIL Open Font License (${FONTS}/${LICENCE})

All other files are attached to the PDF as they are.
`
