// The bare matrix products of a group's steps, each model's five, in onnxruntime's own loop: what no training can undercut.
import { PIXELS } from '../src/shared/experiment'
import { createGraph } from '../src/main/trainer/engines/onnxruntime/graph-builder'
import { openSession, tensorFactory } from '../src/main/trainer/engines/onnxruntime/session'

export interface ProductsJob {
  latentDims: number[]
  threads: number
}

/** x·W1, h·W2 = y, hᵀ·y, y·W2ᵀ = dh, xᵀ·dh for each latent dimension; y stands for the error, which has its shape. */
function productsGraph(latentDims: number[]): Uint8Array {
  const graph = createGraph()
  const steps = graph.input('steps', 'int64', [])
  const x = graph.input('x', 'float32', ['batch', PIXELS])
  const models = latentDims.map((d) => ({
    d,
    h: graph.input(`h${d}`, 'float32', ['batch', d]),
    encoder: graph.input(`encoder${d}`, 'float32', [PIXELS, d]),
    decoder: graph.input(`decoder${d}`, 'float32', [d, PIXELS])
  }))
  // What is carried from step to step is computed in every one and copied in none.
  const carried = models.flatMap(({ d, h, encoder, decoder }) => [
    { name: `z${d}`, shape: ['batch', d], first: h },
    { name: `encoderGradient${d}`, shape: [PIXELS, d], first: encoder },
    { name: `decoderGradient${d}`, shape: [d, PIXELS], first: decoder }
  ])
  const body = graph.body()
  body.input('index', 'int64', [])
  const goOn = body.input('goOn', 'bool', [])
  for (const { name, shape } of carried) body.input(name, 'float32', shape)
  body.output(body.op('Identity', [goOn]), 'bool', [])
  for (const { d, h, encoder, decoder } of models) {
    const y = body.op('Gemm', [h, decoder])
    const codeGradient = body.op('Gemm', [y, decoder], { transB: 1 })
    body.output(body.op('Gemm', [x, encoder]), 'float32', ['batch', d])
    body.output(body.op('Gemm', [x, codeGradient], { transA: 1 }), 'float32', [PIXELS, d])
    body.output(body.op('Gemm', [h, y], { transA: 1 }), 'float32', [d, PIXELS])
  }
  const noCondition = '' as typeof x
  const first = carried.map((tensor) => tensor.first)
  const last = graph.ops('Loop', [steps, noCondition, ...first], first.length, { body: body.finish() })
  last.forEach((tensor, index) => graph.output(tensor, 'float32', carried[index]?.shape ?? []))
  return graph.toBytes()
}

/** Opens a session for the products of one group; `run` does those of `steps` steps at one batch size. */
export async function openProducts({ latentDims, threads }: ProductsJob) {
  const tensor = await tensorFactory()
  const session = await openSession(productsGraph(latentDims), threads)
  const filled = (...shape: [number, number]) =>
    tensor(
      'float32',
      Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => Math.sin(i) / 10),
      shape
    )
  const weights = latentDims.flatMap((d) => [
    [`encoder${d}`, filled(PIXELS, d)] as const,
    [`decoder${d}`, filled(d, PIXELS)] as const
  ])
  const feedsOf = (batch: number) =>
    Object.fromEntries([
      ...weights,
      ...latentDims.map((d) => [`h${d}`, filled(batch, d)] as const),
      ['x', filled(batch, PIXELS)] as const
    ])
  const remembered = new Map<number, ReturnType<typeof feedsOf>>()
  return {
    async run(steps: number, batch: number): Promise<void> {
      const feeds = remembered.get(batch) ?? feedsOf(batch)
      remembered.set(batch, feeds)
      await session.run({ ...feeds, steps: tensor('int64', BigInt64Array.of(BigInt(steps)), []) })
    }
  }
}
