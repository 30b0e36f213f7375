// What is used of gifenc, which brings no types.
declare module 'gifenc' {
  interface FrameOptions {
    /** Of the first frame, which makes it that of all. */
    palette?: readonly (readonly number[])[]
    /** In milliseconds. */
    delay: number
    /** 0: for ever. */
    repeat?: number
    transparent?: boolean
    transparentIndex?: number
    /** 1: the frame stays under the next one. */
    dispose?: number
  }
  export function GIFEncoder(): {
    writeFrame(pixels: Uint8Array, width: number, height: number, options: FrameOptions): void
    finish(): void
    bytes(): Uint8Array
    bytesView(): Uint8Array
  }
}
