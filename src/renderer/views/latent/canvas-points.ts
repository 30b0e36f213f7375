// The points by the canvas's own means, where there is no WebGL2.
import type { TestImages } from '@shared/contract'
import { atlasOf, rgbOf, shapeOf } from './gl-points'
import { FADED, HIDDEN, type PointLayer, type Scene } from './point-layer'
import { toScreen } from './plane-view'

const MOST_SIDE = 8192

/** Null where the canvas has no such context either. */
export function createCanvasLayer(canvas: HTMLCanvasElement): PointLayer | null {
  const context = canvas.getContext('2d')
  if (!context) return null
  let points = new Float32Array()
  let labels = new Uint8Array()
  let states = new Uint8Array()
  let colours: readonly string[] = []
  let images: TestImages | null = null
  let sheet: { picture: HTMLCanvasElement; columns: number } | null = null

  /** All digits, each in its class's colour. */
  function digitSheet() {
    const atlas = images && atlasOf(images, MOST_SIDE)
    if (!images || !atlas) return null
    const rgba = new ImageData(atlas.width, atlas.height)
    const rgb = colours.map((colour) => rgbOf(colour).map((value) => Math.round(255 * value)))
    atlas.pixels.forEach((value, pixel) => {
      const column = Math.floor((pixel % atlas.width) / (images as TestImages).columns)
      const row = Math.floor(pixel / atlas.width / (images as TestImages).rows)
      const colour = rgb[labels[row * atlas.columns + column] ?? 0] ?? [0, 0, 0]
      rgba.data.set([...colour, value], 4 * pixel)
    })
    const picture = document.createElement('canvas')
    picture.width = atlas.width
    picture.height = atlas.height
    picture.getContext('2d')?.putImageData(rgba, 0, 0)
    return { picture, columns: atlas.columns }
  }

  return {
    isSlow: true,
    setPoints(places, classes) {
      points = places as typeof points
      labels = classes as typeof labels
    },
    setStates: (values) => (states = values as typeof states),
    setColours(values) {
      colours = values
      sheet = null
    },
    setDigits(given) {
      images = given
      sheet = null
    },
    draw({ view, size, ratio, look, point }: Scene) {
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      context.clearRect(0, 0, size.width, size.height)
      if (look === 'digits') sheet ??= digitSheet()
      for (let index = 0; index < points.length / 2; index++) {
        if (states[index] === HIDDEN) continue
        const { x, y } = toScreen(view, size, { x: points[2 * index] ?? 0, y: points[2 * index + 1] ?? 0 })
        if (x < -point || y < -point || x > size.width + point || y > size.height + point) continue
        context.globalAlpha = states[index] === FADED ? 0.12 : 0.9
        if (look === 'digits' && sheet && images) {
          const [left, top] = [
            (index % sheet.columns) * images.columns,
            Math.floor(index / sheet.columns) * images.rows
          ]
          const { columns, rows } = images
          const [width, height] = shapeOf(images).map((share) => share * point) as [number, number]
          context.drawImage(sheet.picture, left, top, columns, rows, x - width / 2, y - height / 2, width, height)
        } else {
          context.fillStyle = colours[labels[index] ?? 0] ?? '#000'
          context.fillRect(x - point / 2, y - point / 2, point, point)
        }
      }
    },
    dispose: () => undefined
  }
}
