"""A classifier of digits, and images that are attacked against it."""
import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from benchmark_utils.generators import as_tensor, train_parts

EPOCHS, BATCH, LEARNING_RATE = 30, 64, 1e-3
ATTACK_STEPS = 30
"""Steps of the attack, each a tenth of the radius."""


def trained_classifier(images, labels, seed):
    """A network of two hidden layers, from the cache or trained.

    Parameters
    ----------
    images : ndarray, shape (n_images, n_pixels)
    labels : ndarray of int, shape (n_images,), from 0 on
    seed : int

    Returns
    -------
    Module, frozen: images -> scores (n_images, n_classes)
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(
            nn.Linear(images.shape[1], 128), nn.ReLU(),
            nn.Linear(128, 128), nn.ReLU(),
            nn.Linear(128, int(np.max(labels)) + 1))
        train_parts(
            {"classifier": network}, [seed], [images, labels], lambda: train(
                network, as_tensor(images), torch.as_tensor(labels)))
    return network


def train(network, images, labels):
    """Minimise the cross-entropy by Adam, in place; the last loss."""
    optimizer = torch.optim.Adam(network.parameters(), LEARNING_RATE)
    epochs = max(EPOCHS, 200 * BATCH // len(images))
    for _ in range(min(epochs, 10 * EPOCHS)):
        for rows in torch.randperm(len(images)).split(BATCH):
            loss = cross_entropy(network(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return {"train_loss": loss.item()}


def accuracy(network, images, labels):
    """The share of images that are classified rightly."""
    with torch.no_grad():
        scores = network(as_tensor(images))
    return float((scores.argmax(1).numpy() == labels).mean())


def attacked(network, images, labels, radius):
    """Images that projected gradient steps made hard to classify.

    No pixel changes by more than radius, and all stay in [0, 1]. A. Madry et
    al., Towards deep learning models resistant to adversarial attacks, ICLR
    2018, arXiv:1706.06083, without their random start.

    Parameters
    ----------
    network : Module
    images : ndarray, shape (n_images, n_pixels)
    labels : ndarray of int, shape (n_images,)
    radius : float

    Returns
    -------
    ndarray, shape of images
    """
    clean, target = as_tensor(images), torch.as_tensor(labels)
    x = clean
    for _ in range(ATTACK_STEPS):
        x = x.detach().requires_grad_()
        [slope] = torch.autograd.grad(
            cross_entropy(network(x), target, reduction="sum"), x)
        x = x + radius / 10 * slope.sign()
        x = torch.minimum(torch.maximum(x, clean - radius), clean + radius)
        x = x.clamp(0, 1)
    return x.detach().double().numpy()
