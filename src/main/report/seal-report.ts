// The last step of a report: its digests are put into it. read-report.ts checks them.
import { fillDigestFields } from './digest-fields'
import { openPdf } from './pdf-file'
import { contentDigests } from './report-content'

/** The same file with its digests in their fields. Throws an Error where it is not as the template has it made. */
export async function sealReport(pdf: Uint8Array): Promise<Uint8Array> {
  const file = Buffer.from(pdf)
  const { text, pictures } = await contentDigests(openPdf(file))
  if (text === null || pictures === null) throw new Error('The report’s own streams can’t be decoded')
  fillDigestFields(file, { text, pictures })
  return file
}
