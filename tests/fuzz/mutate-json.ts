// Changes of JSON by its structure: what parsers let pass and schemas have to catch.
import { below, pick, type Random } from './mutate-bytes'
import { cloneOnly } from './values'

type Container = Record<string, unknown> | unknown[]
interface Place {
  holder: Container
  key: string | number
}

/** Written as they stand: JSON.stringify would change them or has no word for them. */
const RAW_MARK = '\ue000raw:'
const raw = (text: string) => `${RAW_MARK}${text}`
const deep = (levels: number) => raw(`${'['.repeat(levels)}${']'.repeat(levels)}`)
const deepObject = (levels: number) => raw(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)

const VALUES: readonly ((random: Random) => unknown)[] = [
  () => null,
  (random) => random() < 0.5,
  (random) => pick(random, [0, 1, -1, 0.5, 2, 3, 64, 128, 1000, 1001, 2 ** 31, 2 ** 32 - 1, 2 ** 53, 1e21, 5e-324]),
  (random) => raw(pick(random, ['-0', '1e999', '-1e999', '1.7976931348623157e308', '1e-400', '9'.repeat(400)])),
  (random) => pick(random, ['', ' ', '0', 'undefined', '__proto__', 'constructor', 'toString', '../..', 'true']),
  (random) => pick(random, ['\u0000', '\u001b[31mred', 'two\nlines', '\u202eleft', '\u2028', '😀', 'é', '１２']),
  () => raw('"\\ud800"'),
  (random) =>
    pick(random, ['a', '\n', '"', '😀', ' ', '\u0007', '9,']).repeat(pick(random, [59, 61, 200, 3000, 60_000])),
  (random) => Array.from({ length: pick(random, [0, 1, 65, 129, 5000]) }, () => pick(random, [0, 1, null, 'a'])),
  (random) => deep(pick(random, [2, 1000, 30_000])),
  (random) => deepObject(pick(random, [2, 1000, 10_000])),
  (random) => Object.fromEntries(Array.from({ length: pick(random, [0, 1, 100, 5000]) }, (_, n) => [`k${n}`, n]))
]
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  'a'.repeat(3000),
  '\u001b[2J',
  '\ud800'
]

/** The JSON `text` with one to four changes; `other` is what parts are taken from. The text itself where it is no JSON. */
export function mutateJson(text: string, random: Random, other: string, withCloneOnly: boolean): string {
  const root: { value: unknown } = { value: parsed(text) }
  if (root.value === undefined) return text
  const strange = parsed(other)
  const value = () =>
    withCloneOnly && random() < 0.25
      ? pick(random, cloneOnly)()
      : random() < 0.15
        ? partOf(strange, random)
        : pick(random, VALUES)(random)
  for (let times = 1 + below(random, 4); times > 0; times--) change(root, random, value)
  return written(root.value)
}

function change(root: { value: unknown }, random: Random, value: () => unknown): void {
  const { holder, key } = placeIn(root, random)
  const at = holder as Record<string | number, unknown>
  const old = at[key]
  const put = (name: string | number, content: unknown) =>
    Object.defineProperty(at, name, { value: content, enumerable: true, configurable: true, writable: true })
  switch (below(random, 8)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1)
      else if (at !== (root as unknown)) delete at[key]
      break
    case 1:
      put(key, [old])
      break
    case 2:
      put(key, { [pick(random, KEYS)]: old })
      break
    case 3:
      if (Array.isArray(holder)) holder.splice(Number(key), 0, ...Array<unknown>(1 + below(random, 12)).fill(old))
      else if (at !== (root as unknown)) put(pick(random, KEYS), old)
      break
    case 4:
      if (!Array.isArray(holder) && at !== (root as unknown)) put(pick(random, KEYS), value())
      else put(key, value())
      break
    default:
      put(key, value())
  }
}

/** Any place within, each about as likely. */
function placeIn(root: { value: unknown }, random: Random): Place {
  const places: Place[] = [{ holder: root as unknown as Container, key: 'value' }]
  for (let index = 0; index < places.length && places.length < 2000; index++) {
    const { holder, key } = places[index] as Place
    const inside = (holder as Record<string | number, unknown>)[key]
    if (typeof inside !== 'object' || inside === null) continue
    for (const name of Object.keys(inside)) places.push({ holder: inside as Container, key: name })
  }
  return pick(random, places)
}

function partOf(value: unknown, random: Random): unknown {
  const { holder, key } = placeIn({ value }, random)
  return structuredClone((holder as Record<string | number, unknown>)[key])
}

function written(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null'
  return text.replace(/"\ue000raw:((?:[^"\\]|\\.)*)"/g, (_, inner: string) => JSON.parse(`"${inner}"`) as string)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
