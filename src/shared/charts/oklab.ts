// Mixing two colours so that the middle looks like the middle: linear in OKLab (Björn Ottosson 2020, bottosson.github.io/posts/oklab).

type Triple = readonly [number, number, number]

/** The colour `share` of the way (0 to 1) from `#rrggbb` to `#rrggbb`, as `#rrggbb`. */
export function mix(from: string, to: string, share: number): string {
  if (share < 1e-6) return from
  if (share > 1 - 1e-6) return to
  const a = toOklab(from)
  const b = toOklab(to)
  return toHex([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])])
}

/** `#rrggbb` of a lightness and a chroma (0 to 1) and a hue in degrees; what no screen shows is cut to the nearest that one does. */
export function fromOklch(lightness: number, chroma: number, hue: number): string {
  const angle = (hue * Math.PI) / 180
  return toHex([lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)])
}

function toOklab(hex: string): Triple {
  const [r, g, b] = [1, 3, 5].map((at) => toLinear(parseInt(hex.slice(at, at + 2), 16) / 255)) as unknown as Triple
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  ]
}

function toHex([lightness, a, b]: Triple): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s
  ]
  return `#${linear
    .map((x) =>
      Math.round(255 * toGamma(x))
        .toString(16)
        .padStart(2, '0')
    )
    .join('')}`
}

function toLinear(x: number): number {
  return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4
}

function toGamma(x: number): number {
  const inside = Math.min(1, Math.max(0, x))
  return inside <= 0.0031308 ? 12.92 * inside : 1.055 * inside ** (1 / 2.4) - 0.055
}
