"""JAX on the CPU: all models in one jit-compiled lax.scan over the batches of a pass, losses of every step."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from peer import BETA1, BETA2, EPSILON, PIXELS, glorot_uniform, serve

activations = {"relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "linear": lambda x: x}


def model_losses(weights, x, activation):
    """Mean binary cross-entropy of each model, from logits: softplus(y) - y x."""
    losses = []
    for encoder, encoder_bias, decoder, decoder_bias in weights:
        y = activation(x @ encoder + encoder_bias) @ decoder + decoder_bias
        losses.append(jnp.mean(jax.nn.softplus(y) - y * x))
    return jnp.stack(losses)


class Training:
    def __init__(self, recipe, data):
        random = np.random.default_rng(recipe["seed"])
        weights = [
            [glorot_uniform(random, PIXELS, d), np.zeros(d, np.float32), glorot_uniform(random, d, PIXELS), np.zeros(PIXELS, np.float32)]
            for d in recipe["latentDims"]
        ]
        zeros = jax.tree.map(np.zeros_like, weights)
        self.state = jax.tree.map(jnp.array, (weights, zeros, zeros, np.float32(0)))
        self.images = jnp.asarray(data.train)
        self.test = jnp.asarray(data.test)
        self.batch_size = recipe["batchSize"]
        self.compiled = {}
        activation, rate = activations[recipe["activation"]], recipe["learningRate"]

        def step(images, state, indices):
            weights, m, v, t = state
            x = images[indices].astype(jnp.float32) / 255

            def summed(weights):
                losses = model_losses(weights, x, activation)
                return losses.sum(), losses

            gradients, losses = jax.grad(summed, has_aux=True)(weights)
            t = t + 1
            m = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, m, gradients)
            v = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, v, gradients)
            corrected = rate * jnp.sqrt(1 - BETA2**t) / (1 - BETA1**t)
            weights = jax.tree.map(lambda w, m, v: w - corrected * m / (jnp.sqrt(v) + EPSILON), weights, m, v)
            return (weights, m, v, t), losses

        def scan(state, images, order):
            return lax.scan(lambda state, indices: step(images, state, indices), state, order)

        def evaluate(weights, test):
            return model_losses(weights, test.astype(jnp.float32) / 255, activation)

        self.scan = jax.jit(scan, donate_argnums=0)
        self.evaluate = jax.jit(evaluate).lower(self.state[0], self.test).compile()

    def prepare(self, count):
        for steps, batch in {(count // self.batch_size, self.batch_size), (1, count % self.batch_size)}:
            if steps * batch > 0 and (steps, batch) not in self.compiled:
                order = jnp.zeros((steps, batch), jnp.int32)
                self.compiled[steps, batch] = self.scan.lower(self.state, self.images, order).compile()

    def epoch(self, order):
        whole = len(order) // self.batch_size * self.batch_size
        losses = []
        for part in (order[:whole].reshape(-1, self.batch_size), order[whole:].reshape(1, -1)):
            if part.size > 0:
                self.state, part_losses = self.compiled[part.shape](self.state, self.images, jnp.asarray(part))
                losses.append(part_losses)
        return np.concatenate(losses).mean(axis=0)

    def validate(self):
        return np.asarray(self.evaluate(self.state[0], self.test))


serve(f"JAX {jax.__version__}, all in one jit-compiled scan", Training)
