// The inputs of a reader: number `index` of a seed is the same everywhere and always.
import { randomStream } from '@shared/random'
import { below, mutateBytes, pick, randomBytes, type Random } from './mutate-bytes'
import { mutateJson } from './mutate-json'
import type { FuzzReader } from './reader'

export function inputAt(reader: FuzzReader, seeds: readonly Buffer[], seed: number, index: number): Buffer {
  if (index < seeds.length) return seeds[index] as Buffer
  const random = randomStream('fuzz', seed, reader.name, index)
  const input = changed(reader, seeds, random)
  return reader.seal && random() < 0.5 ? reader.seal(input, random) : input
}

function changed({ form }: FuzzReader, seeds: readonly Buffer[], random: Random): Buffer {
  if (random() < 0.03) return randomBytes(random, below(random, 300))
  const [begin, other] = [pick(random, seeds), pick(random, seeds)]
  const isJson = form === 'values' || (form === 'json' && random() < 0.7)
  if (isJson) return Buffer.from(mutateJson(begin.toString(), random, other.toString(), form === 'values'))
  let bytes = begin
  for (let times = 1 + below(random, 4); times > 0; times--) bytes = mutateBytes(bytes, random, other)
  return bytes
}
