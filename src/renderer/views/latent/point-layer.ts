// Ten thousand points on a canvas: by WebGL2 where there is one, else by the canvas itself.
import type { TestImages } from '@shared/contract'
import { createCanvasLayer } from './canvas-points'
import { createGlLayer } from './gl-points'
import type { PlaneView, Size } from './plane-view'

export type Look = 'dots' | 'digits'

/** What is drawn of a point. */
export const HIDDEN = 0
export const FADED = 1
export const PLAIN = 2

export interface Scene {
  view: PlaneView
  /** Of the canvas in CSS pixels, and how many of its own each has. */
  size: Size
  ratio: number
  look: Look
  /** Side of a point in CSS pixels. */
  point: number
}

export interface PointLayer {
  /** Whether the processor draws: ten thousand digits take it longer than a frame. */
  isSlow: boolean
  /** [count × 2], and the class of each point. */
  setPoints(points: Float32Array, labels: Uint8Array): void
  /** HIDDEN, FADED or PLAIN, one a point. */
  setStates(states: Uint8Array): void
  /** `#rrggbb`, by class. */
  setColours(colours: readonly string[]): void
  /** The images of the points. */
  setDigits(images: TestImages): void
  draw(scene: Scene): void
  dispose(): void
}

/** Side of a point in CSS pixels: a digit grows with the plane, up to its own size. */
export function pointSize(look: Look, { scale }: PlaneView, fittedScale: number): number {
  const zoom = Math.sqrt(scale / fittedScale)
  return look === 'dots' ? Math.min(9, Math.max(2.5, 3.5 * zoom)) : Math.min(56, Math.max(10, 15 * zoom))
}

/** Null where the canvas can draw nothing at all. */
export function createPointLayer(canvas: HTMLCanvasElement, withGl: boolean): PointLayer | null {
  return (withGl ? createGlLayer(canvas) : null) ?? createCanvasLayer(canvas)
}
