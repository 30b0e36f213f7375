// Writes ONNX graphs: names tensors, collects nodes, knows nothing of training. The messages are ONNX's own (onnx_pb.ts).
import { create, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto
} from './onnx_pb'

// Opset 18 is the first that gives every reduction its axes as an input; IR version 8 goes with it.
const OPSET = 18n
const IR_VERSION = 8n

/** A tensor of a graph: the name by which nodes refer to it. */
export type Tensor = string & { readonly kind: 'tensor' }
export type ElementType = 'float32' | 'int32' | 'int64' | 'uint8' | 'bool'
/** A side is a number, or a name where only the call decides. */
export type Shape = (number | string)[]
type Attributes = Record<string, number | number[] | GraphProto>

const dataTypes: Record<ElementType, DataType> = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  int64: DataType.INT64,
  uint8: DataType.UINT8,
  bool: DataType.BOOL
}

function attribute(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) })
  }
  if (Array.isArray(value)) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) })
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.GRAPH, g: value })
}

function valueInfo(name: string, elementType: ElementType, shape: Shape): ValueInfoProto {
  const dim = shape.map((side) =>
    typeof side === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(side) } }
      : { value: { case: 'dimParam' as const, value: side } }
  )
  const value = { case: 'tensorType' as const, value: { elemType: dataTypes[elementType], shape: { dim } } }
  return create(ValueInfoProtoSchema, { name, type: { value } })
}

function initializer(name: string, elementType: 'float32' | 'int64', values: number[], shape: number[]): TensorProto {
  const data = elementType === 'float32' ? Float32Array.from(values) : BigInt64Array.from(values.map(BigInt))
  const rawData = new Uint8Array(data.buffer)
  return create(TensorProtoSchema, { name, dataType: dataTypes[elementType], dims: shape.map(BigInt), rawData })
}

/** A graph under construction. Nodes run in the order in which they are added. */
export interface Graph {
  input(name: string, elementType: ElementType, shape: Shape): Tensor
  output(tensor: Tensor, elementType: ElementType, shape: Shape): void
  /** A constant float32 scalar. Equal constants are stored once. */
  float(value: number): Tensor
  /** A constant int64 vector: axes, shapes, lengths. */
  integers(values: number[]): Tensor
  /** A constant that the graph carries, of these bytes. */
  stored(name: string, elementType: 'uint8' | 'int32', bytes: Uint8Array, shape: number[]): Tensor
  /** Adds a node with one output. */
  op(type: string, inputs: Tensor[], attributes?: Attributes): Tensor
  /** Adds a node with several outputs. */
  ops(type: string, inputs: Tensor[], outputs: number, attributes?: Attributes): Tensor[]
  /** A graph for the body of a `Loop`; it sees the tensors of this one. */
  body(): Graph
  /** The finished graph, to be a body. */
  finish(): GraphProto
  /** The finished graph as the bytes of an ONNX model. */
  toBytes(): Uint8Array
}

/** Starts an empty graph. */
export function createGraph(prefix = ''): Graph {
  const nodes: NodeProto[] = []
  const inputs: ValueInfoProto[] = []
  const outputs: ValueInfoProto[] = []
  const initializers = new Map<string, TensorProto>()
  let bodies = 0

  const constant = (elementType: 'float32' | 'int64', values: number[], shape: number[]): Tensor => {
    const name = `${prefix}${elementType}[${shape.join()}](${values.join()})`
    if (!initializers.has(name)) initializers.set(name, initializer(name, elementType, values, shape))
    return name as Tensor
  }
  const ops: Graph['ops'] = (type, from, count, attributes = {}) => {
    const names = Array.from({ length: count }, (_, index) => `${prefix}${type}${nodes.length}.${index}` as Tensor)
    const attributeList = Object.entries(attributes).map(([name, value]) => attribute(name, value))
    const name = names[0] ?? '' // by which the runtime names the node when it complains
    nodes.push(create(NodeProtoSchema, { name, opType: type, input: from, output: names, attribute: attributeList }))
    return names
  }
  const op: Graph['op'] = (type, from, attributes) => ops(type, from, 1, attributes)[0] as Tensor
  const finish = () =>
    create(GraphProtoSchema, {
      name: `${prefix}graph`,
      node: nodes,
      input: inputs,
      output: outputs,
      initializer: [...initializers.values()]
    })

  return {
    input(name, elementType, shape) {
      inputs.push(valueInfo(prefix + name, elementType, shape))
      return (prefix + name) as Tensor
    },
    output(tensor, elementType, shape) {
      outputs.push(valueInfo(tensor, elementType, shape))
    },
    float: (value) => constant('float32', [value], []),
    integers: (values) => constant('int64', values, [values.length]),
    stored(name, elementType, bytes, shape) {
      const dataType = dataTypes[elementType]
      initializers.set(name, create(TensorProtoSchema, { name, dataType, dims: shape.map(BigInt), rawData: bytes }))
      return name as Tensor
    },
    op,
    ops,
    body: () => createGraph(`${prefix}body${bodies++}/`),
    finish,
    toBytes() {
      const opsetImport = [{ domain: '', version: OPSET }]
      const model = create(ModelProtoSchema, { irVersion: IR_VERSION, producerName: 'bottleneck-lab', opsetImport })
      model.graph = finish()
      return toBinary(ModelProtoSchema, model)
    }
  }
}
