import warnings

import keras
from reference import check_parts, models, path

warnings.simplefilter("error")  # of Keras' loader: what it does not find it only warns of
for model in models:
    load = lambda part: keras.saving.load_model(path(model, f"-{part}.keras"))
    encoder, decoder, both = load("encoder"), load("decoder"), load("autoencoder")
    assert both.name == "autoencoder" and both.input_shape == (None, 784)
    numbers = lambda loaded: lambda values: keras.ops.convert_to_numpy(loaded(values))
    check_parts(model, numbers(encoder), numbers(decoder), numbers(both), 1e-5)
