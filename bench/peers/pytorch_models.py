"""What the two ways of PyTorch share: an autoencoder that gives logits, its loss, its optimizer, and the data as floats."""

import torch
from torch import nn

from peer import BETA1, BETA2, EPSILON, PIXELS, arguments, floats

torch.set_num_threads(arguments().threads)
activations = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "linear": nn.Identity}
loss_of = nn.BCEWithLogitsLoss()


def autoencoder(latent_dim, activation):
    encoder, decoder = nn.Linear(PIXELS, latent_dim), nn.Linear(latent_dim, PIXELS)
    for layer in (encoder, decoder):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(encoder, activations[activation](), decoder)


def adam(parameters, recipe):
    """Adam with PyTorch's own kernel for all of it, the fastest it has on the CPU."""
    return torch.optim.Adam(parameters, lr=recipe["learningRate"], betas=(BETA1, BETA2), eps=EPSILON, fused=True)


def tensor(pixels):
    return torch.from_numpy(floats(pixels))
