// A figure as a PDF: its SVG, which a page has sent in pieces, is read, drawn and forgotten.
import { LabError } from '@shared/errors'
import { MOST_FIGURE_BYTES } from '@shared/figure-options'
import { readRegularFile, type FileKind } from '../system/regular-file'
import type { DrawFigure } from './report-in-process'
import type { Uploads } from './uploads'

const FIGURE: FileKind = { what: 'The figure', remedy: 'Draw less, or save it as PNG' }

/** Rejects as LabCalls.figurePdf says. The upload is gone then in any case. */
export function createFigurePdf(uploads: Pick<Uploads, 'end' | 'drop'>, draw: DrawFigure | undefined) {
  return async (upload: string, title: string): Promise<Uint8Array> => {
    try {
      if (!draw) throw new LabError('not-supported', 'No figure can be made a PDF here')
      const svg = await readRegularFile(await uploads.end(upload), MOST_FIGURE_BYTES, FIGURE)
      return await draw({ svg: svg.toString('utf8'), title })
    } finally {
      await uploads.drop(upload)
    }
  }
}
