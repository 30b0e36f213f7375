import hashlib
import json

import numpy as np
from reference import check_parts, models, path
from safetensors import safe_open
from safetensors.numpy import load_file

FUNCTIONS = {
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "linear": lambda x: x,
}
for model in models:
    tensors = load_file(path(model, ".safetensors"))
    with safe_open(path(model, ".safetensors"), "np") as opened:
        metadata = opened.metadata()
    assert metadata["model"] == model
    activations = json.loads(metadata["activations"])
    names = list(activations)
    digest = hashlib.sha256()
    for name in names:
        digest.update(tensors[f"{name}.weight"].tobytes() + tensors[f"{name}.bias"].tobytes())
    assert digest.hexdigest() == metadata["weights.sha256"]

    def through(layers, values):
        for name in layers:
            values = FUNCTIONS[activations[name]](values @ tensors[f"{name}.weight"] + tensors[f"{name}.bias"])
        return values

    half = len(names) // 2
    check_parts(
        model,
        lambda values: through(names[:half], values),
        lambda values: through(names[half:], values),
        lambda values: through(names, values),
        1e-5,
    )
