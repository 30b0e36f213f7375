// Numbers as people type them: the form and the command line read the same.

/** `60,000` and not `0,001`, where the comma is a decimal one. */
const GROUPED = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/

/** Decimal notation, whose thousands may be parted by commas; NaN of anything else: `0x10`, an empty text, words. */
export function parseNumber(text: string): number {
  const plain = GROUPED.test(text.trim()) ? text.trim().replaceAll(',', '') : text.trim()
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN
}
