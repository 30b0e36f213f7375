// ONNX: a part of a model as a graph of Gemm and its activations, written without a library.
// Source: onnx/onnx.proto (field numbers), onnx/docs/Operators.md.
import type { Activation } from '@shared/model'
import { bytesOf, partOf, type DenseLayer, type ExportedModel, type ModelPart } from './exported-model'
import { bytes, integer, message, text, type Field } from './protobuf'

/**
 * Of 2025: the newest that runtimes of a year ago load. What the graph is made of has not changed since operator set 14, so a newer one
 * would add nothing.
 */
const OPERATOR_SET = 23
const IR_VERSION = 11
const FLOAT = 1

const operators: Record<Activation, string> = {
  tanh: 'Tanh',
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  linear: 'Identity'
}

/** The bytes of an ONNX model: one input and one output, [batch, units] float32, whose first dimension is free. */
export function onnxModel(exported: ExportedModel, part: ModelPart): Uint8Array {
  const { input, output, layers } = partOf(exported, part)
  const nodes = layers.flatMap((layer, index) => {
    const from = index === 0 ? input.name : `${layers[index - 1]?.name}.output`
    const to = index === layers.length - 1 ? output.name : `${layer.name}.output`
    return denseNodes(layer, from, to)
  })
  const graph = message(
    7,
    ...nodes,
    text(2, part),
    ...layers.flatMap(({ name, inputs, units, weight, bias }) => [
      tensor(`${name}.weight`, [inputs, units], weight),
      tensor(`${name}.bias`, [units], bias)
    ]),
    valueInfo(11, input.name, input.units),
    valueInfo(12, output.name, output.units)
  )
  const properties = Object.entries(exported.provenance).map(([key, value]) =>
    message(14, text(1, key), text(2, value))
  )
  const model = [
    integer(1, IR_VERSION),
    text(2, 'Bottleneck Lab'),
    text(3, exported.provenance.version ?? ''),
    graph,
    message(8, text(1, ''), integer(2, OPERATOR_SET)),
    ...properties
  ]
  return Buffer.concat(model.flat())
}

/** NodeProto: inputs, outputs, name, operator. */
function denseNodes({ name, activation }: DenseLayer, from: string, to: string): Field[] {
  const node = (operator: string, inputs: string[], result: string, label: string) =>
    message(1, ...inputs.map((one) => text(1, one)), text(2, result), text(3, label), text(4, operator))
  const sums = `${name}.sums`
  return [
    node('Gemm', [from, `${name}.weight`, `${name}.bias`], sums, name),
    node(operators[activation], [sums], to, `${name}.${activation}`)
  ]
}

/** TensorProto: dimensions, type, name, raw data. */
function tensor(name: string, shape: number[], values: Float32Array): Field {
  return message(
    5,
    ...shape.map((side) => integer(1, side)),
    integer(2, FLOAT),
    text(8, name),
    bytes(9, bytesOf(values))
  )
}

/** ValueInfoProto: its name, and its type with the shape [batch, units]. */
function valueInfo(field: number, name: string, units: number): Field {
  const shape = message(2, message(1, text(2, 'batch')), message(1, integer(1, units)))
  return message(field, text(1, name), message(2, message(1, integer(1, FLOAT), shape)))
}
