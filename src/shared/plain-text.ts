// Text from outside for places where a control character would act: a terminal, a file's name.

/** C0 and C1, line and paragraph separators, and the marks that turn the direction of what follows. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

const HALF_CHARACTERS = /\p{Surrogate}/gu

/** The same on one line, each control character and each half of a character as the sign `�`. */
export function plainText(text: string): string {
  return text.replace(CONTROLS, '\ufffd').replace(HALF_CHARACTERS, '\ufffd')
}

/** The same as plain text of at most `most` characters. */
export function shortText(text: string, most: number): string {
  if (text.length <= most) return plainText(text)
  return `${plainText(text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, ''))}…`
}

/** JSON without a control character: those that JSON itself lets pass are escaped as well. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(CONTROLS, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
