// Text that the report's typeface has no signs for is replaced by a word, so that nobody takes an empty box for a letter.
const SCRIPTS = [
  'Han', 'Hiragana', 'Katakana', 'Hangul', 'Arabic', 'Hebrew', 'Thai', 'Devanagari', 'Bengali', 'Tamil', 'Telugu',
  'Gujarati', 'Gurmukhi', 'Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Lao', 'Myanmar', 'Tibetan', 'Georgian',
  'Armenian', 'Ethiopic', 'Mongolian'
] as const // prettier-ignore
const tests = SCRIPTS.map((name) => ({ name, test: new RegExp(`\\p{Script=${name}}`, 'u') }))
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}/u
/** Signs that only change or join their neighbours. */
const UNSEEN = /[\p{M}\p{Cf}]/u

/** The same text with `[Han]`, `[emoji]` or, of what is neither, `[U+1D400]` in place of signs that are missing, one word for neighbours. */
export function printable(text: string, has: (codePoint: number) => boolean): string {
  let before = ''
  let out = ''
  for (const sign of text.normalize('NFC')) {
    const isMissing = !isSpace(sign) && !has(sign.codePointAt(0) ?? 0)
    const word = isMissing ? wordFor(sign) : ''
    if (!isMissing) out += sign
    else if (!(UNSEEN.test(sign) && before !== '') && word !== before) out += word
    if (!(UNSEEN.test(sign) && before !== '')) before = word
  }
  return out
}

const isSpace = (sign: string) => /\s/.test(sign)

function wordFor(sign: string): string {
  if (UNSEEN.test(sign)) return ''
  if (EMOJI.test(sign)) return '[emoji]'
  const script = tests.find(({ test }) => test.test(sign))
  const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `[${script?.name ?? `U+${code}`}]`
}

/** All texts of a piece of data made printable, however deep they lie. */
export function printableAll<Data>(data: Data, has: (codePoint: number) => boolean): Data {
  if (typeof data === 'string') return printable(data, has) as Data
  if (Array.isArray(data)) return data.map((one: unknown) => printableAll(one, has)) as Data
  if (data === null || typeof data !== 'object') return data
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, printableAll(value as unknown, has)])
  ) as Data
}
