// The experiment of a run in PyTorch. Its own Adam, RMSprop and Adagrad add ε elsewhere than Keras and the lab do, which changes training
// where gradients are small: the updates are written out.
import { optimizers, type Optimizer } from '@shared/model'
import { experimentCells, usedOptimizers, type Cell, type RepeatedRun } from './python'

const { adam, adamw, rmsprop, sgd, adagrad } = optimizers

const adamStep = `        m.lerp_(g, 1 - ${adam.beta1})
        v.lerp_(g * g, 1 - ${adam.beta2})
        p -= rate * math.sqrt(1 - ${adam.beta2}**t) / (1 - ${adam.beta1}**t) * m / (v.sqrt() + ${adam.epsilon})`

/** The update of a tensor p by its gradient g at step t, from 1, and the slots beside it: [name, value before the first step]. */
const updates: Record<Optimizer, string> = {
  adam: `def adam(parameters, rate):
    """Kingma & Ba 2015, ε outside the bias correction."""
    m, v = slots(parameters, 0), slots(parameters, 0)

    def update(p, g, m, v, t):
${adamStep}

    return update, m, v`,
  adamw: `def adamw(parameters, rate):
    """Loshchilov & Hutter 2019: Adam, before which every weight and bias decays."""
    m, v = slots(parameters, 0), slots(parameters, 0)

    def update(p, g, m, v, t):
        p -= rate * ${adamw.weightDecay} * p
${adamStep}

    return update, m, v`,
  rmsprop: `def rmsprop(parameters, rate):
    """Tieleman & Hinton 2012, ε under the root."""

    def update(p, g, v, t):
        v.lerp_(g * g, 1 - ${rmsprop.rho})
        p -= rate * g / (v + ${rmsprop.epsilon}).sqrt()

    return update, slots(parameters, 0)`,
  sgd: `def sgd(parameters, rate):
    """Polyak 1964: m is the step, learning rate included."""

    def update(p, g, m, t):
        m.mul_(${sgd.momentum}).sub_(rate * g)
        p += m

    return update, slots(parameters, 0)`,
  adagrad: `def adagrad(parameters, rate):
    """Duchi, Hazan & Singer 2011, ε under the root."""

    def update(p, g, v, t):
        v += g * g
        p -= rate * g / (v + ${adagrad.epsilon}).sqrt()

    return update, slots(parameters, ${adagrad.initialSlot})`
}

const loader = (className: string) => `from torchvision.datasets import ${className}

train = ${className}("data", train=True, download=True).data.numpy()
test = ${className}("data", train=False, download=True).data.numpy()`

const loaders: Readonly<Record<string, string>> = { mnist: loader('MNIST'), 'fashion-mnist': loader('FashionMNIST') }

/** As experimentCells. */
export function pytorchCells(run: RepeatedRun): Cell[] {
  const used = usedOptimizers(run)
  const extra = {
    title: 'Optimizers as Keras defines them',
    code: `def slots(parameters, value):
    return [torch.full_like(p, value) for p in parameters]


${used.map((name) => updates[name]).join('\n\n\n')}


OPTIMIZERS = {${used.map((name) => `"${name}": ${name}`).join(', ')}}`
  }
  return experimentCells(run, { loaders, extra, build, train })
}

const build = `ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid, "linear": nn.Identity}
LOSSES = {
    "bce": F.binary_cross_entropy_with_logits,
    "mse": lambda logits, images: F.mse_loss(torch.sigmoid(logits), images),
}


def build(config):
    """Dense layers, weights Glorot-uniform, biases zero. The last sigmoid is left to the losses, which take logits."""
    modules, inputs = [], ROWS * COLUMNS
    for units, activation in config["layers"]:
        linear = nn.Linear(inputs, units)
        nn.init.xavier_uniform_(linear.weight)
        nn.init.zeros_(linear.bias)
        modules += [linear, ACTIVATIONS[activation]()]
        inputs = units
    return nn.Sequential(*modules[:-1])`

const train = `def train_model(config, train_images, test_images):
    """Trains one model and says what became of it; validated on all test images after each epoch."""
    torch.manual_seed(config["seed"])
    model, loss_of = build(config), LOSSES[config["loss"]]
    parameters = list(model.parameters())
    update, *kept = OPTIMIZERS[config["optimizer"]](parameters, config["learning_rate"])
    images, test = torch.from_numpy(train_images), torch.from_numpy(test_images)
    result, t = dict(id=config["id"], train=[], val=[]), 0
    for epoch in range(1, (epochs_limit or config["epochs"]) + 1):
        losses = []
        for batch in torch.randperm(len(images)).split(config["batch_size"]):
            loss = loss_of(model(images[batch]), images[batch])
            gradients = torch.autograd.grad(loss, parameters)
            t += 1
            with torch.no_grad():
                for p, g, *own in zip(parameters, gradients, *kept):
                    update(p, g, *own, t)
            losses.append(loss.item())
        with torch.no_grad():
            logits = model(test)
            result["train"].append(float(np.mean(losses)))
            result["val"].append(loss_of(logits, test).item())
        print(f"{config['id']} epoch {epoch}: loss {result['train'][-1]:.4f}, validation {result['val'][-1]:.4f}")
    reconstructions = torch.sigmoid(logits).numpy()
    result["bce"], result["mse"] = errors_of(test_images, reconstructions)
    return dict(result, reconstructions=reconstructions[:10])`

export const pytorchImports = `import gzip
import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn`
