import { usableStem } from '@shared/file-stem'

/** Linux takes 255 with the ending; what others append, ` (1)` of a browser say, has room too. */
const MOST_BYTES = 200

/** A run's name as a file can be named on every system. */
export function fileName(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N}.,()\- ]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+/g, '')
  return usableStem(withoutEnd(fitting(plain)) || 'report')
}

function fitting(text: string): string {
  const bytes = new TextEncoder().encode(text)
  // what is cut within a character decodes to the sign for none
  return bytes.length <= MOST_BYTES
    ? text
    : new TextDecoder().decode(bytes.subarray(0, MOST_BYTES)).replace(/\ufffd+$/, '')
}

const withoutEnd = (text: string) => text.replace(/[. ]+$/, '')
