"""Prints how many billions of float32 operations a second NumPy's BLAS reaches: the best of many products of large matrices."""

import time

import numpy as np

SIDE = 1536
SECONDS = 4

a = np.random.default_rng(0).standard_normal((SIDE, SIDE), dtype=np.float32)
c = np.empty_like(a)
best = float("inf")
end = time.perf_counter() + SECONDS
while time.perf_counter() < end:
    began = time.perf_counter()
    np.matmul(a, a, out=c)
    best = min(best, time.perf_counter() - began)
print(2 * SIDE**3 / best / 1e9)
