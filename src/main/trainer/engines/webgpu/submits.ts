// Work for the GPU in short submits, each with its answer: short enough for a watchdog and for a stop, long enough to keep a GPU busy.
import { MAP_READ, Usage } from './device'

/** A submit aims at this; two are under way, and a stop waits for both. Windows resets a GPU after two seconds. */
const AIM_MILLISECONDS = 40
const UNDER_WAY = 2
export const MOST_UNITS = 256
/** A submit that stalled, or slept with the machine, says little about the next. */
const LONGEST_EXPECTED = 4 * AIM_MILLISECONDS
/** Part of the expected time that is slept through before asking: Dawn keeps a processor busy while it is asked. */
const SLEPT = 0.9

/** How long units of one kind of work take, learnt from each submit. */
export interface UnitTime {
  /** How many units the next submit may have, from 1. */
  readonly units: number
  /** Of a unit; 0 before the first has ended. */
  readonly milliseconds: number
  learn(units: number, milliseconds: number): void
}

export function createUnitTime(): UnitTime {
  let units = 1
  let milliseconds = 0
  return {
    get units() {
      return units
    },
    get milliseconds() {
      return milliseconds
    },
    learn(done, took) {
      milliseconds = Math.max(took / done, 1e-3)
      units = Math.max(1, Math.min(Math.floor(AIM_MILLISECONDS / milliseconds), 2 * units, MOST_UNITS))
    }
  }
}

/** What a submit has brought back, and how long the GPU was at work on it. */
export interface Answer {
  bytes: ArrayBuffer
  milliseconds: number
}

export interface Submits {
  /** Resolves when few enough are under way; throws what has failed. */
  room(): Promise<void>
  /** Submits what `record` puts down, which copies `bytes` to `readable`; rejects where the GPU fails. */
  submit(
    unitTime: UnitTime,
    units: number,
    bytes: number,
    record: (encoder: GPUCommandEncoder, readable: GPUBuffer) => void
  ): Promise<Answer>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => (milliseconds < 1 ? resolve() : setTimeout(resolve, milliseconds)))

export function createSubmits(device: GPUDevice): Submits {
  const underWay: Promise<void>[] = []
  const spare: GPUBuffer[] = []
  const failures: unknown[] = []
  let lastEnd = 0

  function readableOf(size: number): GPUBuffer {
    const fitting = spare.findIndex((buffer) => buffer.size >= size)
    if (fitting >= 0) return spare.splice(fitting, 1)[0] as GPUBuffer
    spare.splice(0).forEach((buffer) => buffer.destroy())
    return device.createBuffer({ size, usage: Usage.MAP_READ | Usage.COPY_DST })
  }

  async function read(readable: GPUBuffer, bytes: number, unitTime: UnitTime, units: number): Promise<Answer> {
    const asked = performance.now()
    await underWay.at(-1)
    const start = Math.max(asked, lastEnd)
    const expected = Math.min(units * unitTime.milliseconds, LONGEST_EXPECTED)
    await sleep((start + expected - performance.now()) * SLEPT)
    const woke = performance.now()
    await readable.mapAsync(MAP_READ, 0, bytes)
    lastEnd = performance.now()
    // Done before it was asked for: nobody knows how long before, so the next sleep is shorter.
    const overslept = woke > start + 1 && lastEnd - woke < 0.5
    const milliseconds = lastEnd - start
    unitTime.learn(units, milliseconds * (overslept ? 0.5 : 1))
    const copy = readable.getMappedRange(0, bytes).slice(0)
    readable.unmap()
    spare.push(readable)
    return { bytes: copy, milliseconds }
  }

  return {
    async room() {
      while (underWay.length >= UNDER_WAY) await underWay[0]
      if (failures.length > 0) throw failures[0]
    },
    submit(unitTime, units, bytes, record) {
      const encoder = device.createCommandEncoder()
      const readable = readableOf(bytes)
      record(encoder, readable)
      device.queue.submit([encoder.finish()])
      const answer = read(readable, bytes, unitTime, units)
      const ended: Promise<void> = answer
        .then(
          () => undefined,
          (error: unknown) => void failures.push(error)
        )
        .then(() => void underWay.splice(underWay.indexOf(ended), 1))
      underWay.push(ended)
      return answer
    },
    async idle() {
      await Promise.all(underWay)
    }
  }
}
