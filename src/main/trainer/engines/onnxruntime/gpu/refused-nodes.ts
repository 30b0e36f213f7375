// Which nodes of a graph a device can't run. The runtime refuses such a graph without naming them, but the graph that it would run
// with the CPU's help has copies around them.
import { fromBinary } from '@bufbuild/protobuf'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InferenceSession } from 'onnxruntime-node'
import { ModelProtoSchema } from '../onnx_pb'
import { loadRuntime } from '../session'

/** Kinds and names of the nodes, e.g. `Sign (Sign12.0)`; empty if the runtime does not tell. */
export async function refusedNodes(graph: Uint8Array, options: InferenceSession.SessionOptions): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bottleneck-lab-graph-'))
  try {
    const { InferenceSession } = await loadRuntime()
    const optimizedModelFilePath = join(folder, 'graph.onnx')
    const { executionProviders = [] } = options
    const session = await InferenceSession.create(graph, {
      executionProviders,
      optimizedModelFilePath,
      logSeverityLevel: 4
    })
    await session.release()
    return nodesBesideCopies(await readFile(optimizedModelFilePath))
  } catch {
    return []
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function nodesBesideCopies(bytes: Uint8Array): string[] {
  const nodes = fromBinary(ModelProtoSchema, bytes).graph?.node ?? []
  const toHost = new Set(nodes.filter((node) => node.opType === 'MemcpyToHost').flatMap((node) => node.output))
  const fromHost = new Set(nodes.filter((node) => node.opType === 'MemcpyFromHost').flatMap((node) => node.input))
  return nodes
    .filter((node) => !node.opType.startsWith('Memcpy'))
    .filter((node) => node.input.some((name) => toHost.has(name)) || node.output.some((name) => fromHost.has(name)))
    .map((node) => `${node.opType} (${node.name})`)
}
