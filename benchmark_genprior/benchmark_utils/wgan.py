"""Wasserstein GANs with gradient penalty, whose generator is one here.

I. Gulrajani, F. Ahmed, M. Arjovsky, V. Dumoulin and A. Courville, Improved
training of Wasserstein GANs, NeurIPS 2017, arXiv:1704.00028.
"""
import torch
from torch import nn
from tqdm import trange

from benchmark_utils.vae import BATCH, checked

CRITIC_STEPS = 5
PENALTY = 10.0
LEARNING_RATE = 3e-4
BETAS = 0.5, 0.9


def train_wgan(G, images, epochs):
    """Train a generator in place, against a critic that is thrown away.

    An epoch has as many steps of the generator as there are batches of
    images, and CRITIC_STEPS steps of the critic for each.

    Parameters and result as for `train_vae`, without an encoder; train_loss
    is the critic's estimate of the Wasserstein distance, per image.
    """
    critic = nn.Sequential(
        nn.Linear(images.shape[1], 256), nn.LeakyReLU(0.2),
        nn.Linear(256, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1))
    of_G, of_critic = (
        torch.optim.Adam(module.parameters(), LEARNING_RATE, BETAS)
        for module in (G, critic))
    n_steps = max(len(images) // BATCH, 1)
    with trange(epochs * n_steps, desc="WGAN-GP", leave=False,
                mininterval=1) as bar:
        for _ in bar:
            for _ in range(CRITIC_STEPS):
                real = images[torch.randint(len(images), (BATCH,))]
                with torch.no_grad():
                    fake = G(torch.randn(BATCH, G.n_latent))
                distance = (critic(real) - critic(fake)).mean()
                step(of_critic, gradient_penalty(critic, real, fake)
                     - distance)
            fake = G(torch.randn(BATCH, G.n_latent))
            step(of_G, -critic(fake).mean())
    return {"train_loss": checked(distance.item())}


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
