"""PyTorch on the CPU, compiled: all models in one module, forward and backward through torch.compile, Adam's fused kernel."""

import torch
from torch import nn

from peer import BETA1, BETA2, EPSILON, PIXELS, arguments, batches, floats, serve

torch.set_num_threads(arguments().threads)
activations = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "linear": nn.Identity}
loss_of = nn.BCEWithLogitsLoss()


def autoencoder(latent_dim, activation):
    """Answers with logits."""
    encoder, decoder = nn.Linear(PIXELS, latent_dim), nn.Linear(latent_dim, PIXELS)
    for layer in (encoder, decoder):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(encoder, activations[activation](), decoder)


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
        betas = (BETA1, BETA2)
        self.optimizer = torch.optim.Adam(models.parameters(), recipe["learningRate"], betas, EPSILON, fused=True)
        self.images, self.test = (torch.from_numpy(floats(pixels)) for pixels in (data.train, data.test))
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
