// The experiment of a run in Keras 3: what a script and a notebook are made of.
import { optimizers, type Optimizer } from '@shared/model'
import { experimentCells, usedOptimizers, type Cell, type RepeatedRun } from './python'

const { adam, adamw, rmsprop, sgd, adagrad } = optimizers

/** Calls of Keras with the constants that the lab trains with, which are Keras' own. */
const optimizerCalls: Record<Optimizer, string> = {
  adam: `keras.optimizers.Adam(rate, beta_1=${adam.beta1}, beta_2=${adam.beta2}, epsilon=${adam.epsilon})`,
  adamw: `keras.optimizers.AdamW(rate, weight_decay=${adamw.weightDecay}, beta_1=${adamw.beta1}, beta_2=${adamw.beta2}, epsilon=${adamw.epsilon})`,
  rmsprop: `keras.optimizers.RMSprop(rate, rho=${rmsprop.rho}, epsilon=${rmsprop.epsilon})`,
  sgd: `keras.optimizers.SGD(rate, momentum=${sgd.momentum})`,
  adagrad: `keras.optimizers.Adagrad(rate, initial_accumulator_value=${adagrad.initialSlot}, epsilon=${adagrad.epsilon})`
}

const loaders: Readonly<Record<string, string>> = {
  mnist: '(train, _), (test, _) = keras.datasets.mnist.load_data()',
  'fashion-mnist': '(train, _), (test, _) = keras.datasets.fashion_mnist.load_data()'
}

/** As experimentCells. */
export function kerasCells(run: RepeatedRun): Cell[] {
  const table = usedOptimizers(run).map((name) => `    "${name}": lambda rate: ${optimizerCalls[name]},`)
  const definitions = `OPTIMIZERS = {\n${table.join('\n')}\n}
LOSSES = {"bce": "binary_crossentropy", "mse": "mean_squared_error"}`
  return experimentCells(run, { loaders, definitions, build, train })
}

const build = `def build(config):
    """Dense layers with Keras' initial weights: Glorot-uniform, biases zero."""
    dense = [keras.layers.Dense(units, activation=activation) for units, activation in config["layers"]]
    model = keras.Sequential([keras.Input((ROWS * COLUMNS,)), *dense])
    model.compile(optimizer=OPTIMIZERS[config["optimizer"]](config["learning_rate"]), loss=LOSSES[config["loss"]])
    return model`

const train = `def train_model(config, train_images, test_images):
    """Trains one model and says what became of it; validated on all test images after each epoch."""
    keras.utils.set_random_seed(config["seed"])
    model = build(config)
    history = model.fit(
        train_images, train_images,
        batch_size=config["batch_size"], epochs=epochs_limit or config["epochs"], shuffle=True,
        validation_data=(test_images, test_images), verbose=2,
    ).history
    reconstructions = model.predict(test_images, verbose=0)
    bce, mse = errors_of(test_images, reconstructions)
    return dict(id=config["id"], train=history["loss"], val=history["val_loss"], bce=bce, mse=mse,
                reconstructions=reconstructions[:10])`

/** Keras computes with one of three libraries; it takes TensorFlow unasked, also where another alone is installed. */
export const kerasImports = `import gzip
import importlib.util
import os
from pathlib import Path

libraries = [name for name in ("tensorflow", "jax", "torch") if importlib.util.find_spec(name)]
os.environ.setdefault("KERAS_BACKEND", libraries[0] if libraries else "tensorflow")

import keras
import matplotlib.pyplot as plt
import numpy as np`
