"""Wasserstein GANs with gradient penalty, whose generator is one here.

I. Gulrajani, F. Ahmed, M. Arjovsky, V. Dumoulin and A. Courville, Improved
training of Wasserstein GANs, NeurIPS 2017, arXiv:1704.00028.
"""
import torch
from torch import nn
from tqdm import trange

from benchmark_utils.vae import BATCH, checked

PENALTY = 10.0
RATE_G, RATE_CRITIC = 5e-4, 1e-3
"""Learning rates: with two time scales, one step of the critic for each of the
generator is enough. M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler and S.
Hochreiter, GANs trained by a two time-scale update rule converge to a local
Nash equilibrium, NeurIPS 2017, arXiv:1706.08500."""
BETAS = 0.0, 0.9


def train_wgan(G, images, epochs):
    """Train a generator in place, against a critic that is thrown away.

    A step of Adam on the critic, then one on the generator, with the same
    batches of images, an epoch once through their number; both rates decay
    linearly.

    Parameters and result as for `train_vae`, without an encoder; train_loss
    is the critic's estimate of the Wasserstein distance, per image.
    """
    critic = critic_of(G)
    optimizers = of_critic, of_G = [
        torch.optim.Adam(module.parameters(), rate, BETAS)
        for module, rate in ((critic, RATE_CRITIC), (G, RATE_G))]
    total = epochs * max(len(images) // BATCH, 1)
    schedules = [torch.optim.lr_scheduler.LambdaLR(
        of, lambda step: 1 - step / total) for of in optimizers]
    with trange(total, desc="WGAN-GP", leave=False, mininterval=1) as bar:
        for _ in bar:
            real = images[torch.randint(len(images), (BATCH,))]
            fake = G(torch.randn(BATCH, G.n_latent))
            distance = (critic(real) - critic(fake.detach())).mean()
            step(of_critic, gradient_penalty(critic, real, fake.detach())
                 - distance)
            critic.requires_grad_(False)
            step(of_G, -critic(fake).mean())
            critic.requires_grad_(True)
            for schedule in schedules:
                schedule.step()
    return {"train_loss": checked(distance.item())}


def critic_of(G):
    """A critic that has convolutions where the generator has some."""
    convolves = any(isinstance(layer, nn.ConvTranspose2d) for layer in G)
    kind = convolutional_critic if convolves else fully_connected_critic
    return kind(G.shape)


def fully_connected_critic(shape, width=256):
    """Two hidden layers."""
    return nn.Sequential(
        nn.Linear(shape[0] * shape[1], width), nn.LeakyReLU(0.2),
        nn.Linear(width, width), nn.LeakyReLU(0.2), nn.Linear(width, 1))


def convolutional_critic(shape, width=32):
    """Two convolutions that halve the sides of an image, and their sum."""
    rows, columns = (-(-side // 4) for side in shape)
    return nn.Sequential(
        nn.Unflatten(1, (1, *shape)),
        nn.Conv2d(1, width, 5, stride=2, padding=2), nn.LeakyReLU(0.2),
        nn.Conv2d(width, 2 * width, 5, stride=2, padding=2),
        nn.LeakyReLU(0.2), nn.Flatten(),
        nn.Linear(2 * width * rows * columns, 1)).to(
            memory_format=torch.channels_last)


def step(optimizer, loss):
    """One step of an optimizer down a loss."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def gradient_penalty(critic, real, fake):
    """PENALTY (||grad critic|| - 1)^2, at random points between images."""
    share = torch.rand(len(real), 1)
    between = (share * real + (1 - share) * fake).requires_grad_()
    [slope] = torch.autograd.grad(
        critic(between).sum(), between, create_graph=True)
    return PENALTY * ((slope.norm(dim=1) - 1) ** 2).mean()
