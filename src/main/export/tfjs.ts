// TensorFlow.js' layers format: model.json with the topology, and a binary file of weights beside it.
// Source: tfjs-core/src/io/types.ts (ModelJSON), tfjs-layers/src/models.ts.
import { bytesOf, partOf, type DenseLayer, type ExportedModel, type ModelPart } from './exported-model'
import { layerName } from './keras'

/** The bytes of model.json and of the weights; `weightsName` is the file name under which the weights lie beside it. */
export function tfjsModel(exported: ExportedModel, part: ModelPart, weightsName: string): [Uint8Array, Uint8Array] {
  const { input, layers } = partOf(exported, part)
  const modelJson = {
    format: 'layers-model',
    generatedBy: 'Bottleneck Lab',
    convertedBy: null,
    modelTopology: {
      class_name: 'Sequential',
      config: { name: part, layers: layers.map((layer, index) => dense(layer, index === 0 ? input.units : null)) }
    },
    weightsManifest: [{ paths: [weightsName], weights: layers.flatMap(entries) }],
    userDefinedMetadata: exported.provenance
  }
  const weights = layers.flatMap(({ weight, bias }) => [bytesOf(weight), bytesOf(bias)])
  return [Buffer.from(JSON.stringify(modelJson)), Buffer.concat(weights)]
}

function dense({ name, units, activation }: DenseLayer, inputs: number | null) {
  const config = { name: layerName(name), trainable: true, dtype: 'float32', units, activation, use_bias: true }
  return { class_name: 'Dense', config: inputs === null ? config : { ...config, batch_input_shape: [null, inputs] } }
}

function entries({ name, inputs, units }: DenseLayer) {
  const layer = layerName(name)
  return [
    { name: `${layer}/kernel`, shape: [inputs, units], dtype: 'float32' },
    { name: `${layer}/bias`, shape: [units], dtype: 'float32' }
  ]
}
