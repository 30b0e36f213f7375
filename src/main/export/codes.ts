// Codes of the test images: as NumPy arrays, and as a table.
import { npyBytes, npyFloats, npyText } from './numpy'
import { zipOf } from '../system/zip'

export interface CodesOfImages {
  /** [images × units], row by row. */
  codes: Float32Array
  units: number
  /** A class for each image, from 0. */
  labels: Uint8Array
}

/** NPZ with `codes` [images, units] float32, `labels` [images] uint8 and `metadata`, a text of JSON. */
export function codesNpz(
  { codes, units, labels }: CodesOfImages,
  provenance: Readonly<Record<string, string>>
): Uint8Array {
  return zipOf(
    [
      { name: 'codes.npy', content: npyFloats(codes, [labels.length, units]) },
      { name: 'labels.npy', content: npyBytes(labels) },
      { name: 'metadata.npy', content: npyText(JSON.stringify(provenance)) }
    ],
    { stored: true }
  )
}

/** CSV (RFC 4180): `image` is the image's place in the test set from 0, `label` its class, `z0` … the units of its code. */
export function codesCsv({ codes, units, labels }: CodesOfImages): Uint8Array {
  const titles = ['image', 'label', ...Array.from({ length: units }, (_, unit) => `z${unit}`)]
  const rows = Array.from(labels, (label, image) => {
    const code = codes.subarray(image * units, (image + 1) * units)
    return Buffer.from(`${[image, label, ...Array.from(code, shortest)].join(',')}\r\n`)
  })
  return Buffer.concat([Buffer.from(`${titles.join(',')}\r\n`), ...rows])
}

/** Nine digits tell any float32 from its neighbours. */
const shortest = (value: number) => String(Number(value.toPrecision(9)))
