import { fromBinary } from '@bufbuild/protobuf'
import { InferenceSession } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { activations } from '@shared/experiment'
import { evaluationGraph } from '../../../../../src/main/trainer/engines/onnxruntime/evaluation-graph'
import { ModelProtoSchema } from '../../../../../src/main/trainer/engines/onnxruntime/onnx_pb'
import { groupTensors, stack, unstack } from '../../../../../src/main/trainer/engines/onnxruntime/parameters'
import { trainingGraph } from '../../../../../src/main/trainer/engines/onnxruntime/training-graph'
import { initialState } from '../../../../../src/main/trainer/initialize'

const groups = [[1], [784], [2, 8, 16, 32, 64, 128], Array.from({ length: 12 }, (_, index) => index + 1)]

describe.each(groups.map((dims) => ({ dims })))('the graphs of $dims', ({ dims }) => {
  it.each(activations)('load in onnxruntime with %s and have the shapes they promise', async (activation) => {
    const models = dims.map((latentDim) => ({ name: `d=${latentDim}`, latentDim, activation }))
    const shapes = groupTensors(models).map(({ shape }) => shape)

    const training = await InferenceSession.create(trainingGraph(models), { logSeverityLevel: 3 })
    const outputs = training.outputMetadata.map((value) => (value.isTensor ? value.shape : []))
    expect(outputs).toEqual([...shapes.flatMap((shape) => [shape, shape, shape]), ...models.map(() => ['steps'])])
    await training.release()

    const evaluation = await InferenceSession.create(evaluationGraph(models), { logSeverityLevel: 3 })
    expect(evaluation.outputNames).toHaveLength(2 + models.length)
    expect(evaluation.inputNames).toHaveLength(1 + shapes.length)
    await evaluation.release()
  })
})

it('a training graph is an ONNX model of standard operators alone', () => {
  const bytes = trainingGraph([{ name: 'd=2', latentDim: 2, activation: 'tanh' }])
  const model = fromBinary(ModelProtoSchema, bytes)
  expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 18n]])
  expect(model.graph?.node.map((node) => node.opType)).toEqual(['Loop'])
})

it('stack and unstack are each other’s inverse', () => {
  const models = [3, 1, 10].map((latentDim) => ({ name: `d=${latentDim}`, latentDim, activation: 'relu' as const }))
  const tensors = models.map((model) => {
    const { weights } = initialState(model, 5)
    weights['encoder.bias'].fill(model.latentDim)
    weights['decoder.bias'].fill(-model.latentDim)
    return weights
  })
  const stacked = stack(models, tensors)
  expect(stacked.map((tensor) => tensor.length)).toEqual(
    groupTensors(models).map(({ shape }) => shape.reduce((product, side) => product * side, 1))
  )
  expect(unstack(models, stacked)).toEqual(tensors)
})
