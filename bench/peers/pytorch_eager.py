"""PyTorch on the CPU, eager: one model after another, as one would write it."""

import torch

from peer import batches, serve
from pytorch_models import adam, autoencoder, loss_of, tensor


class Training:
    def __init__(self, recipe, data):
        torch.manual_seed(recipe["seed"])
        self.models = [autoencoder(d, recipe["activation"]) for d in recipe["latentDims"]]
        self.optimizers = [adam(model.parameters(), recipe) for model in self.models]
        self.images, self.test = tensor(data.train), tensor(data.test)
        self.batch_size = recipe["batchSize"]

    def epoch(self, order):
        return [self.train(model, optimizer, order) for model, optimizer in zip(self.models, self.optimizers)]

    def train(self, model, optimizer, order):
        losses = []
        for indices in batches(torch.from_numpy(order), self.batch_size):
            x = self.images[indices]
            loss = loss_of(model(x), x)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses).mean()

    @torch.no_grad()
    def validate(self):
        return [loss_of(model(self.test), self.test) for model in self.models]


serve(f"PyTorch {torch.__version__}, eager, one by one", Training)
