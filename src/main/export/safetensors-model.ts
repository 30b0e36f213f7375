// SafeTensors: all tensors of a model under the names that the run's checkpoint has for them.
import { encodeSafetensors, type Tensor } from '../trainer/safetensors'
import { partOf, type ExportedModel } from './exported-model'

/** float32; `encoder.weight` is [inputs, units]: PyTorch's Linear has it the other way round. The metadata say what each layer does. */
export function safetensorsModel(exported: ExportedModel): Uint8Array {
  const { layers } = partOf(exported, 'autoencoder')
  const tensors = new Map<string, Tensor>()
  for (const { name, inputs, units, weight, bias } of layers) {
    tensors.set(`${name}.weight`, { shape: [inputs, units], values: weight })
    tensors.set(`${name}.bias`, { shape: [units], values: bias })
  }
  const activations = Object.fromEntries(layers.map(({ name, activation }) => [name, activation]))
  const metadata = {
    ...exported.provenance,
    layer: 'activation(x @ weight + bias), x: pixels / 255',
    activations: JSON.stringify(activations)
  }
  return encodeSafetensors({ tensors, metadata })
}
