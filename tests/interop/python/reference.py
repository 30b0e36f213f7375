"""What Bottleneck Lab's own engine makes of test images, and how far another tool is from it."""
import sys
from pathlib import Path

import numpy as np

folder, stem, *models = sys.argv[1:]


def path(model, ending):
    return str(Path(folder, f"{stem}-{model}{ending}"))


def read(name, width):
    return np.fromfile(Path(folder, f"{name}.f32"), np.float32).reshape(-1, width)


images = read("images", 784)


def codes_of(model):
    count = len(images)
    return np.fromfile(Path(folder, f"{model}-codes.f32"), np.float32).reshape(count, -1)


def check(what, found, expected, tolerance):
    assert found.shape == expected.shape, (what, found.shape, expected.shape)
    assert expected.std() > 0.01, f"{what}: nothing to tell apart"
    # codes of relu and linear layers have no bound: in float32 their error grows with the sums that they are, which reach the largest code
    scale = max(1, float(np.max(np.abs(expected))))
    difference = float(np.max(np.abs(found - expected))) / scale
    print(f"{what}: {difference:.2e} of {scale:.3g}")
    assert difference <= tolerance, (what, difference)


def check_parts(model, encode, decode, both, tolerance):
    codes, reconstructions = codes_of(model), read(f"{model}-reconstructions", 784)
    check(f"{model} encoder", encode(images), codes, tolerance)
    check(f"{model} decoder", decode(codes), reconstructions, tolerance)
    check(f"{model} autoencoder", both(images), reconstructions, tolerance)
