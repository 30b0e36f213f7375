// Numbers as people type them: the form and the command line read the same.

/** Decimal notation, whose thousands may be parted by commas; NaN of anything else: `0x10`, an empty text, words. */
export function parseNumber(text: string): number {
  const plain = text.trim().replace(/,(?=\d{3}(?!\d))/g, '')
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN
}
