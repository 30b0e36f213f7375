"""The bare matrix products of a step in NumPy's BLAS, all of them dense."""

import numpy as np

from peer import PIXELS, serve


class Products:
    def __init__(self, recipe, data):
        random = np.random.default_rng(0)
        self.batch_size = recipe["batchSize"]
        filled = lambda *shape: random.standard_normal(shape, dtype=np.float32)
        self.x = filled(self.batch_size, PIXELS)
        self.models = [(filled(PIXELS, d), filled(self.batch_size, d), filled(d, PIXELS)) for d in recipe["latentDims"]]

    def epoch(self, order):
        for first in range(0, len(order), self.batch_size):
            size = min(self.batch_size, len(order) - first)
            x = self.x[:size]
            for encoder, codes, decoder in self.models:
                h = codes[:size]
                x @ encoder
                y = h @ decoder  # stands for the error, which has its shape
                h.T @ y
                x.T @ (y @ decoder.T)
        return []

    def validate(self):
        return None


serve(f"NumPy {np.__version__}, the products alone", Products)
