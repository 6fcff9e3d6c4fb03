"""Variational autoencoders, whose decoder is a generator.

D. P. Kingma and M. Welling, Auto-encoding variational Bayes, ICLR 2014,
arXiv:1312.6114.
"""
import torch
from torch import nn
from torch.nn import functional
from tqdm import trange

BATCH = 64
LEARNING_RATE = 2e-3
KL_WEIGHT = 0.5
"""Below 1, the images are sharper and the latents further from normal."""
WARM_UP = 0.2
"""Share of the training during which the weight of the KL term grows."""


class Encoder(nn.Module):
    """Images (n_samples, n_pixels) -> latents, their mean given the image."""

    def __init__(self, n_pixels, n_latent, width=256):
        super().__init__()
        self.hidden = nn.Sequential(
            nn.Linear(n_pixels, width), nn.ELU(), nn.Linear(width, width),
            nn.ELU())
        self.mean = nn.Linear(width, n_latent)
        self.log_variance = nn.Linear(width, n_latent)

    def forward(self, images):
        return self.mean(self.hidden(images))

    def posterior(self, images):
        """Mean and logarithm of the variance of the latents."""
        hidden = self.hidden(images)
        return self.mean(hidden), self.log_variance(hidden)


def train_vae(G, encoder, images, epochs):
    """Train a decoder and an encoder in place, by Adam with linear decay.

    The loss is the cross-entropy of the pixels, in [0, 1], plus KL_WEIGHT
    times the divergence of the latents from the normal distribution. torch's
    global generator draws; the caller seeds it.

    Parameters
    ----------
    G, encoder : Module
    images : Tensor, shape (n_images, n_pixels)
    epochs : int

    Returns
    -------
    dict : train_loss, that of the last epoch, per image
    """
    n_steps = max(len(images) // BATCH, 1)
    total = epochs * n_steps
    optimizer = torch.optim.Adam(
        [*G.parameters(), *encoder.parameters()], LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: 1 - step / total)
    step = 0
    with trange(epochs, desc="VAE", leave=False, mininterval=1) as bar:
        for _ in bar:
            losses = []
            for rows in torch.randperm(len(images)).split(BATCH)[:n_steps]:
                step += 1
                loss = elbo_loss(G, encoder, images[rows], KL_WEIGHT * min(
                    step / (WARM_UP * total), 1))
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
                losses.append(loss.detach())
            bar.set_postfix(loss=f"{torch.stack(losses).mean().item():.2f}")
    return {"train_loss": checked(torch.stack(losses).mean().item())}


def elbo_loss(G, encoder, images, kl_weight):
    """Minus the evidence lower bound, with one draw per image, their mean."""
    mean, log_variance = encoder.posterior(images)
    z = mean + torch.randn_like(mean) * (log_variance / 2).exp()
    fit = functional.binary_cross_entropy(G(z), images, reduction="sum")
    divergence = (mean**2 + log_variance.exp() - 1 - log_variance).sum() / 2
    return (fit + kl_weight * divergence) / len(images)


def checked(loss):
    """The loss of a training; RuntimeError if it has diverged."""
    if not loss < float("inf"):
        raise RuntimeError(
            f"expected the training to end at a finite loss, got {loss}: "
            "check that the images are in [0, 1], or use fewer epochs")
    return loss
