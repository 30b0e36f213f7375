// Aligned columns of text for a terminal.
import { plainText } from '@shared/plain-text'

export interface Column<Row> {
  title: string
  /** Numbers stand on the right, words on the left. */
  align: 'left' | 'right'
  text(row: Row): string
}

/** One line a row below a line of titles; columns two spaces apart, no space at a line's end. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => plainText(column.text(row))))
  ]
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => width(line[index] ?? ''))))
  const lines = cells.map((line) =>
    line.map((text, index) => pad(text, widths[index] ?? 0, columns[index]?.align ?? 'left')).join('  ')
  )
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

function pad(text: string, size: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, size - width(text)))
  return align === 'right' ? space + text : text + space
}

const width = (text: string) => [...text].length
