// How well a text answers what was typed: by the beginnings of its words first, then anywhere, then by letters in their order.

/** Above 0 where every typed word is found, the greater the better; 0 where one is not. Nothing typed fits all alike. */
export function fit(text: string, typed: string): number {
  const words = folded(text).split(/[^\p{L}\p{N}]+/u)
  const wanted = folded(typed).split(/\s+/).filter(Boolean)
  const scores = wanted.map((part) => fitOfPart(words, folded(text), part))
  return scores.includes(0) ? 0 : 1 + scores.reduce((sum, one) => sum + one, 0)
}

function fitOfPart(words: readonly string[], text: string, part: string): number {
  const word = words.findIndex((one) => one.startsWith(part))
  if (word >= 0) return 6 + (words[word] === part ? 1 : 0) + (word === 0 ? 1 : 0)
  if (text.includes(part)) return 3
  return isSubsequence(words.map(([initial]) => initial ?? '').join(''), part)
    ? 2
    : Number(words.some((one) => isSubsequence(one, part)))
}

function isSubsequence(text: string, part: string): boolean {
  let from = 0
  return [...part].every((letter) => {
    const at = text.indexOf(letter, from)
    from = at + 1
    return at >= 0
  })
}

/** Without case and accents. */
const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
