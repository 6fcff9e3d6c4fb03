"""Losses of a discriminator and a generator, as functions of the logit a.

The discriminator's probability that a sample is real is p = 1/(1 + exp(-a)).
It minimises -log p on real samples and -log(1 - p) on fake ones, the generator
-log p on its own: I. Goodfellow et al., Generative adversarial nets, NeurIPS
2014, arXiv:1406.2661, with the generator's loss that does not saturate.

Each loss is computed in two ways. From the logit, -log p = log(1 + exp(-a)) is
accurate for all a. From the probability, as the formula is written, p rounds
to 0 or 1 where |a| is large (in float32 to 1 beyond a = 17, to 0 below -88),
so that the loss is infinite and its derivative, the product of an infinite and
a zero factor by the chain rule, is not a number.
"""
import numpy as np


def sigmoid(a):
    """1/(1 + exp(-a)), as it is written: exp overflows to infinity."""
    return 1 / (1 + np.exp(-a))


class Logits:
    """Losses and derivatives of logits."""

    @staticmethod
    def real(a):
        """-log p, and its derivative in a."""
        return np.logaddexp(0, -a), -sigmoid(-a)

    @staticmethod
    def fake(a):
        """-log(1 - p), and its derivative in a."""
        return np.logaddexp(0, a), sigmoid(a)


class Probabilities:
    """Losses of p, and derivatives by the chain rule through p."""

    @staticmethod
    def real(a):
        """-log p, and its derivative in a."""
        p = sigmoid(a)
        return -np.log(p), -1 / p * (p * (1 - p))

    @staticmethod
    def fake(a):
        """-log(1 - p), and its derivative in a."""
        p = sigmoid(a)
        return -np.log(1 - p), 1 / (1 - p) * (p * (1 - p))


LOSSES = {"logits": Logits, "probabilities": Probabilities}
SIGNS = {"corrected": 1, "printed": -1}
"""What the discriminator's losses are multiplied by. The slides print min log
D(x) + log(1 - D(G(z))), the negative of what a discriminator minimises."""
