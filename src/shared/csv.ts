// CSV as spreadsheets and programs both read it: RFC 4180, with text that a spreadsheet would take for a formula made harmless.

export type CsvCell = string | number | null

/** Excel takes a file that begins with it for UTF-8, and for the system's old code page without it; pandas and R's readr skip it. */
export const BYTE_ORDER_MARK = '\ufeff'

/**
 * What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection), full-width forms as well; also behind the separators that
 * Excel uses in other languages, which reads a line's quotes otherwise then.
 */
const FORMULA = /(?<=^|[;\t])(?=[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n])/g

/** A header line and one line a row, comma and CRLF; numbers with all their digits, empty where there is none (null, not a number). */
export function csvText(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('')
}

function cellText(cell: CsvCell): string {
  if (typeof cell !== 'string') return cell === null || !Number.isFinite(cell) ? '' : String(cell)
  const harmless = cell.replace(FORMULA, "'")
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
