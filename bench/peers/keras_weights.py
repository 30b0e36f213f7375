"""Trains models in Keras from given weights on given batches, and writes what becomes of them.

Arguments: folder of MNIST's IDX files; JSON file { learningRate, loss, layers: [[{ units, activation }]], batches: [[index]] }; file of
float32 weights, all models, all tensors in order, which those after training replace.
Prints the losses before each step as JSON, [batches][models].
"""

import json
import sys

import keras
import numpy as np

from peer import BETA1, BETA2, EPSILON, PIXELS, Data, floats

folder, request_file, weights_file = sys.argv[1:]
with open(request_file) as file:
    request = json.load(file)
images = floats(Data(folder).train)
losses = {"bce": "binary_crossentropy", "mse": "mean_squared_error"}
given = np.fromfile(weights_file, np.float32)


def open_model(layers):
    """A model of these layers with the next of the given weights."""
    global given
    dense = [keras.layers.Dense(layer["units"], activation=layer["activation"]) for layer in layers]
    model = keras.Sequential([keras.Input((PIXELS,)), *dense])
    tensors = []
    for tensor in model.get_weights():
        tensors.append(given[: tensor.size].reshape(tensor.shape))
        given = given[tensor.size :]
    model.set_weights(tensors)
    optimizer = keras.optimizers.Adam(request["learningRate"], BETA1, BETA2, EPSILON)
    model.compile(optimizer=optimizer, loss=losses[request["loss"]])
    return model


def step(model, x):
    model.reset_metrics()
    return float(model.train_on_batch(x, x))


models = [open_model(layers) for layers in request["layers"]]
print(json.dumps([[step(model, images[indices]) for model in models] for indices in request["batches"]]))
np.concatenate([tensor.ravel() for model in models for tensor in model.get_weights()]).tofile(weights_file)
