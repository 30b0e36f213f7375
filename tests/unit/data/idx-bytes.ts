// An IDX file of unsigned bytes as the tests need it: well formed, ready to be damaged.

/** Header for `sizes` (each below 2³²), then `values`. */
export function idxBytes(sizes: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length)
  header.set([0, 0, 8, sizes.length])
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i))
  return Buffer.concat([header, values])
}
