"""Keras 3 on TensorFlow, on the CPU, as the article has it: model.fit, one model after another."""

import time

import keras
import tensorflow as tf

from peer import BETA1, BETA2, EPSILON, PIXELS, arguments, floats, serve

tf.config.threading.set_intra_op_parallelism_threads(arguments().threads)


class Clock(keras.callbacks.Callback):
    """Counts epochs and validations, not what each call of `fit` does before its first epoch: the article calls it once a model."""

    seconds = 0

    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds += time.perf_counter() - self.began

    def on_test_begin(self, logs=None):
        self.began = time.perf_counter()

    def on_test_end(self, logs=None):
        self.seconds += time.perf_counter() - self.began


class Training:
    def __init__(self, recipe, data):
        self.clock = Clock()
        keras.utils.set_random_seed(recipe["seed"])
        self.models = [self.model(d, recipe) for d in recipe["latentDims"]]
        self.images, self.test = floats(data.train), floats(data.test)
        self.batch_size = recipe["batchSize"]

    def model(self, latent_dim, recipe):
        layers = [
            keras.Input((PIXELS,)),
            keras.layers.Dense(latent_dim, activation=recipe["activation"]),
            keras.layers.Dense(PIXELS, activation="sigmoid"),
        ]
        model = keras.Sequential(layers)
        optimizer = keras.optimizers.Adam(recipe["learningRate"], BETA1, BETA2, EPSILON)
        model.compile(optimizer=optimizer, loss="binary_crossentropy")
        return model

    def epoch(self, order):
        """Keras shuffles by itself; of `order` only the number of images counts."""
        self.clock.seconds = 0
        images = self.images[: len(order)]
        return [self.fit(model, images) for model in self.models]

    def fit(self, model, images):
        history = model.fit(images, images, batch_size=self.batch_size, epochs=1, shuffle=True, **self.options())
        return history.history["loss"][0]

    def validate(self):
        self.clock.seconds = 0
        batch = self.batch_size
        return [model.evaluate(self.test, self.test, batch_size=batch, **self.options()) for model in self.models]

    def options(self):
        return {"verbose": 0, "callbacks": [self.clock]}

    def seconds(self):
        return self.clock.seconds


serve(f"Keras {keras.__version__} on TensorFlow {tf.__version__}, model.fit one by one", Training)
