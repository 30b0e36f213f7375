// Numbers as people type them: the form and the command line read the same, and say the same of what can't be read.
import { formatCount } from './format'

/** whole: counts, whose thousands may be parted by commas; decimal: what may have a decimal point, and has no commas. */
export type Notation = 'whole' | 'decimal'

/** `60,000`, `60000` and `6e4`; `60.000` would be sixty to some and sixty thousand to others. */
const WHOLE = /^[+-]?(0|[1-9]\d*|[1-9]\d{0,2}(,\d{3})+|[1-9]\d*e\+?\d+)$/i
/** `0.001`, `.5` and `1e-3`; a part of a list like `001` is what a decimal comma leaves. */
const DECIMAL = /^[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** The number that a text stands for in this notation; NaN of anything else: `1.000` as a whole number, `0,001`, `0x10`, `024`, words. */
export function parseNumber(text: string, notation: Notation): number {
  const typed = text.trim()
  if (notation === 'decimal') return DECIMAL.test(typed) ? Number(typed) : NaN
  return WHOLE.test(typed) ? Number(typed.replaceAll(',', '')) : NaN
}

/** Whether it is a number in some notation, though perhaps not in the one that is asked for. */
export function isNumber(text: string): boolean {
  return !Number.isNaN(parseNumber(text, 'whole')) || !Number.isNaN(parseNumber(text, 'decimal'))
}

/** What is longer is no slip of the pen, and would make a hint of the same length. */
const LONGEST_NUMBER = 60
const LONGEST_LIST = 200

const ZERO_FIRST = /^0\d+$/
const THOUSANDS_BY_SIGNS = /^[1-9]\d{0,2}([\s'’_]\d{3})+$/
const THOUSANDS_BY_POINTS = /^[1-9]\d{0,2}(\.\d{3})+$/
const DECIMAL_COMMA = /^\d+,\d+(e[+-]?\d+)?$/i

/** How to write one number that was typed in another way, a sentence without a full stop; empty where nothing better is known. */
export function spellingHint(text: string, notation: Notation): string {
  const typed = text.trim()
  if (typed.length > LONGEST_NUMBER) return ''
  if (/[^\P{Nd}0-9]/u.test(typed)) return 'Write numbers with the digits 0 to 9'
  if (ZERO_FIRST.test(typed)) return `A number has no zero before its digits: write ${Number(typed)}`
  return notation === 'whole' ? wholeHint(typed) : decimalHint(typed)
}

function wholeHint(typed: string): string {
  if (THOUSANDS_BY_SIGNS.test(typed)) return `Write ${bothWays(typed)}`
  const noPoint = 'A whole number has no decimal point: write '
  const value = parseNumber(typed, 'decimal')
  if (THOUSANDS_BY_POINTS.test(typed)) {
    const other = Number.isInteger(value) ? `; or ${value}, if that is meant` : ''
    return `${noPoint}${bothWays(typed)}${other}`
  }
  if (typed.includes('.') && Number.isInteger(value)) return `${noPoint}${formatCount(value)}`
  const isMisgrouped = /^\d[\d,]*$/.test(typed) && Number.isNaN(parseNumber(typed, 'whole'))
  return isMisgrouped ? 'Thousands are parted by a comma before each three digits, as in 1,000, or not at all' : ''
}

function bothWays(grouped: string): string {
  const digits = grouped.replace(/\D/g, '')
  return `${formatCount(Number(digits))} or ${digits}`
}

function decimalHint(typed: string): string {
  return DECIMAL_COMMA.test(typed) ? `Decimals follow a point: write ${typed.replace(',', '.')}` : ''
}

/** How to write a list of numbers that was typed in another way, as `spellingHint` of one. Commas only separate there. */
export function listHint(text: string, notation: Notation): string {
  if (text.length > LONGEST_LIST) return ''
  const parts = text.split(',').map((part) => part.trim())
  const torn = parts.findIndex((part, index) => isTorn(parts[index - 1], part, notation))
  if (torn > 0) {
    const whole = `${parts[torn - 1]}${notation === 'decimal' ? '.' : ''}${parts[torn]}`
    return `A comma separates values here: write ${whole} for one number`
  }
  if (ZERO_FIRST.test(text.trim())) {
    return 'A comma separates values here: write 1000 for a thousand, and no zero before other digits'
  }
  const apart = text.trim().split(/[\s;]+/)
  if (apart.length > 1 && apart.every((part) => /^[\d.]+$/.test(part))) {
    return `Separate values by commas: ${apart.join(', ')}`
  }
  const unread = parts.find((part) => Number.isNaN(parseNumber(part, notation)))
  return unread === undefined ? '' : spellingHint(unread, notation)
}

/** Whether a comma within one number has made two parts of it: `1,024`, and `0,5` where numbers may have decimals. */
function isTorn(before: string | undefined, part: string, notation: Notation): boolean {
  if (before === undefined || !/^\d+$/.test(before) || !/^\d+$/.test(part)) return false
  const isGroup = notation === 'decimal' || (part.length === 3 && before.length <= 3 && before !== '0')
  return (isGroup && ZERO_FIRST.test(part)) || (notation === 'decimal' && before === '0')
}
