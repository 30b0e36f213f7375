// Names and layers as people type them: what may be given, and how to write what was typed in another way; of numbers parse-number.ts says so.

/** `one of tanh, relu`; the name alone where there is one. */
export const oneOf = (names: readonly string[]) => `${names.length > 1 ? 'one of ' : ''}${names.join(', ')}`

/** `Write relu` for `RELU`; empty where it is none of the names. */
export function nameHint(names: readonly string[], text: string): string {
  const meant = names.find((name) => name.toLowerCase() === text.trim().toLowerCase())
  return meant === undefined ? '' : `Write ${meant}`
}

/** `Write 128-64` for `128,64` or `128x64`. */
export function dashHint(text: string): string {
  const typed = text.trim()
  return /^\d{1,4}(\s*[\s,;:x×*/–—]\s*\d{1,4}){1,9}$/i.test(typed) ? `Write ${typed.match(/\d+/g)?.join('-')}` : ''
}
