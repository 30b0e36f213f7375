// Keras 3's .keras: a ZIP of config.json, metadata.json and model.weights.h5. Source: keras/src/saving/saving_lib.py.
import { partOf, type DenseLayer, type ExportedModel, type ModelPart } from './exported-model'
import { hdf5, type Hdf5Group } from './hdf5'
import { zipOf } from '../system/zip'

/** The version whose files these are like; others of Keras 3 read them too. */
const KERAS_VERSION = '3.15.1'

/** The bytes of a .keras file: a Sequential model that is not compiled, since it is to be used, not trained on. */
export async function kerasModel(exported: ExportedModel, part: ModelPart): Promise<Uint8Array> {
  const { input, layers } = partOf(exported, part)
  const json = (value: unknown) => Buffer.from(JSON.stringify(value))
  const metadata = { keras_version: KERAS_VERSION, date_saved: dateSaved(exported), ...exported.provenance }
  return zipOf(
    [
      { name: 'metadata.json', content: json(metadata) },
      { name: 'config.json', content: json(sequential(part, input, layers)) },
      { name: 'model.weights.h5', content: await hdf5(weightsOf(layers)) }
    ],
    { stored: true }
  )
}

/** When the run was trained, so that the same run gives the same bytes. */
function dateSaved({ provenance }: ExportedModel): string {
  return (provenance.created ?? '').replace(/^(.{10})T(.{8}).*$/, '$1@$2')
}

const object = (module: string, className: string, config: object, more = {}) => ({
  module,
  class_name: className,
  config,
  registered_name: null,
  ...more
})

const float32 = object('keras', 'DTypePolicy', { name: 'float32' })

function sequential(part: ModelPart, input: { name: string; units: number }, layers: DenseLayer[]) {
  const shape = [null, input.units]
  const inputLayer = object('keras.layers', 'InputLayer', {
    batch_shape: shape,
    dtype: 'float32',
    sparse: false,
    name: input.name
  })
  const all = [inputLayer, ...layers.map(dense)]
  const config = { name: part, trainable: true, dtype: float32, layers: all, build_input_shape: shape }
  return object('keras', 'Sequential', config, { build_config: { input_shape: shape } })
}

function dense({ name, units, activation, inputs }: DenseLayer) {
  const config = {
    name: layerName(name),
    trainable: true,
    dtype: float32,
    units,
    activation,
    use_bias: true,
    kernel_initializer: object('keras.initializers', 'GlorotUniform', { seed: null }),
    bias_initializer: object('keras.initializers', 'Zeros', {}),
    kernel_regularizer: null,
    bias_regularizer: null,
    kernel_constraint: null,
    bias_constraint: null
  }
  return object('keras.layers', 'Dense', config, { build_config: { input_shape: [null, inputs] } })
}

/** Of the layer in Keras and TensorFlow.js, where a dot has other meanings: `encoder_0`. */
export const layerName = (name: string) => name.replace('.', '_')

/** `layers/dense/vars/0`, `layers/dense_1/vars/0`, …: Keras finds them by their order, not by the layers' names. */
function weightsOf(layers: DenseLayer[]): Hdf5Group {
  const groups = layers.map(({ inputs, units, weight, bias }, index): [string, Hdf5Group] => [
    index === 0 ? 'dense' : `dense_${index}`,
    { vars: { 0: { shape: [inputs, units], values: weight }, 1: { shape: [units], values: bias } } }
  ])
  return { layers: Object.fromEntries(groups), vars: {} }
}
