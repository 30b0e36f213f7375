// Random numbers as pure functions of their keys: no generator has to be saved to go on where one stopped.

/** Mixes 32-bit words into one (the finalizer of MurmurHash3, Appleby 2011, chained). */
function mix(words: readonly number[]): number {
  return words.reduce((hash, word) => {
    let h = (hash ^ word) >>> 0
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    return (h ^ (h >>> 16)) >>> 0
  }, 0x9e3779b9)
}

/** The 32-bit word of a key: numbers as they are, text by its characters. */
function word(key: number | string): number {
  return typeof key === 'number' ? key >>> 0 : mix([...key].map((character) => character.codePointAt(0) ?? 0))
}

/** Uniform numbers in [0, 1) with 32 bits each; the sequence depends on the keys alone (mulberry32 seeded by their mix). */
export function randomStream(...keys: (number | string)[]): () => number {
  let state = mix(keys.map(word))
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** The order in which an epoch visits `count` images: a Fisher-Yates permutation of 0 … count − 1, pure in (seed, epoch). */
export function shuffle(seed: number, epoch: number, count: number): Int32Array {
  const random = randomStream(seed, 'shuffle', epoch)
  const order = Int32Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1))
    const held = order[last] as number
    order[last] = order[chosen] as number
    order[chosen] = held
  }
  return order
}
