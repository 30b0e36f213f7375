// Messages as bytes for a WebSocket: MessagePack keeps Uint8Array, NaN and infinities, which JSON loses.
import { decode, encode } from '@msgpack/msgpack'

/** One message as bytes. A property that is undefined is left out; undefined inside an array becomes null. */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  return encode(message, { ignoreUndefined: true })
}

/**
 * The message that `encodeMessage` made bytes of. Arrays of bytes are views of `bytes`. Throws on anything else, and on a list of more than
 * `longestList` entries: the decoder takes memory for as many as five bytes announce.
 */
export function decodeMessage(bytes: Uint8Array, longestList?: number): unknown {
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) // not a Buffer, whose parts are Buffers
  return decode(plain, longestList === undefined ? {} : { maxArrayLength: longestList })
}
