// Values that structured clone carries and JSON does not, written as JSON: `{"$clone": "bigint"}`.

const kinds = {
  bigint: () => 1n,
  undefined: () => undefined,
  nan: () => NaN,
  infinity: () => Infinity,
  minusZero: () => -0,
  date: () => new Date(0),
  noDate: () => new Date(NaN),
  map: () => new Map([[1, 2]]),
  set: () => new Set([1]),
  error: () => new RangeError('not to be shown'),
  pattern: () => /(a+)+$/,
  bytes: () => new Uint8Array(1000),
  buffer: () => new ArrayBuffer(8),
  boxed: () => Object('text') as unknown,
  /** A list of four billion entries, none of which is there. */
  sparse: () => new Array<unknown>(2 ** 32 - 1),
  holes: () => [, 1, ,],
  cycle: () => {
    const own: unknown[] = []
    own.push(own)
    return own
  },
  cyclicObject: () => {
    const own: Record<string, unknown> = {}
    own.own = own
    return own
  }
} satisfies Record<string, () => unknown>

export const cloneOnly = Object.keys(kinds).map((kind) => () => ({ $clone: kind }))

/** The value that the JSON `text` describes; undefined where it is no JSON. */
export function valueOf(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) => {
      const kind = (value as { $clone?: unknown } | null)?.$clone
      return typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind as keyof typeof kinds]() : value
    })
  } catch {
    return undefined
  }
}
