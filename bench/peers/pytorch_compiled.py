"""PyTorch on the CPU, compiled: all models in one module, forward and backward through torch.compile."""

import torch
from torch import nn

from peer import batches, serve
from pytorch_models import adam, autoencoder, loss_of, tensor


class AllModels(nn.Module):
    def __init__(self, recipe):
        super().__init__()
        self.models = nn.ModuleList([autoencoder(d, recipe["activation"]) for d in recipe["latentDims"]])

    def forward(self, x):
        """Each model's loss."""
        return torch.stack([loss_of(model(x), x) for model in self.models])


class Training:
    def __init__(self, recipe, data):
        torch.manual_seed(recipe["seed"])
        models = AllModels(recipe)
        self.losses_of = torch.compile(models, dynamic=False)
        self.optimizer = adam(models.parameters(), recipe)
        self.images, self.test = tensor(data.train), tensor(data.test)
        self.batch_size = recipe["batchSize"]

    def prepare(self, count):
        """Compiles for both sizes of batches without a change to the weights."""
        for size in {min(count, self.batch_size), count % self.batch_size} - {0}:
            self.losses_of(self.images[:size]).sum().backward()
            self.optimizer.zero_grad()
        with torch.no_grad():
            self.losses_of(self.test)

    def epoch(self, order):
        losses = []
        for indices in batches(torch.from_numpy(order), self.batch_size):
            step_losses = self.losses_of(self.images[indices])
            self.optimizer.zero_grad()
            step_losses.sum().backward()
            self.optimizer.step()
            losses.append(step_losses.detach())
        return torch.stack(losses).mean(axis=0)

    @torch.no_grad()
    def validate(self):
        return self.losses_of(self.test)


serve(f"PyTorch {torch.__version__}, compiled, all in one module", Training)
