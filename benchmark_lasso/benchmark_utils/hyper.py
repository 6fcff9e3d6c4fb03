"""What HyperLISTA is made of: symmetric weights, and a search for numbers."""
import time

import torch

from unrolling.training import Training, TrainingError

N_DRAWS, N_NEARBY, N_SAMPLES = 40, 60, 300


def symmetric_weights(D):
    """W = M D with M symmetric that minimises ||D'W - I||_F, w_j'd_j = 1.

    Chen et al. descend a penalised objective in G, M = G'G. The minimiser
    over symmetric M has a closed form: with S = DD' and H = D'S^-1 D, the
    Lagrangian's stationarity gives M = S^-1 + S^-1 D diag(nu) D'S^-1, and the
    constraints are (H o H) nu = 1 - diag(H).

    Parameters
    ----------
    D : Tensor, shape (n_dim, n_atoms)

    Returns
    -------
    Tensor, shape (n_dim, n_atoms)
    """
    W = torch.linalg.pinv(D @ D.T, hermitian=True) @ D
    H = D.T @ W
    nu = torch.linalg.pinv(H**2, hermitian=True) @ (1 - H.diagonal())
    return W + (W * nu) @ H


def coherence(W, D):
    """max |w_i'd_j|, i != j, a float; 0 for one atom."""
    products = (W.T @ D).abs()
    return products.fill_diagonal_(0).max().item()


@torch.no_grad()
def search(network, x, target, seed):
    """Tune the numbers that all layers share, in place.

    The best of N_DRAWS draws within a factor 10 of what they are, then of
    N_NEARBY draws around the best so far, by the mean loss.

    Parameters
    ----------
    network : UnrolledNetwork, with its layers
    x : Tensor, shape (n_samples, n_dim)
        N_SAMPLES at most are searched on, a tenth at least is held out.
    target : Tensor or None, see `UnrolledNetwork.loss`
    seed : int

    Returns
    -------
    Training, as of `unrolling.training.fit`
    """
    started = time.perf_counter()
    generator = torch.Generator().manual_seed(seed)
    n_train = min(N_SAMPLES, len(x) - max(len(x) // 10, 1))
    start = best = trial = network.shared
    least = float("inf")

    def loss(numbers, samples):
        tried = network.with_layers(network.layers, numbers)
        return tried.loss(tried.forward(x[samples]), target if target is None
                          else target[samples]).mean().item()

    for draw in range(1 + N_DRAWS + N_NEARBY):
        value = loss(trial, slice(n_train))
        if value < least:  # False for NaN
            best, least = trial, value
        far = draw < N_DRAWS
        moves = (2.3 * (2 * torch.rand(len(start), generator=generator) - 1)
                 if far else
                 0.3 * torch.randn(len(start), generator=generator))
        trial = {name: value * move.exp() for (name, value), move in zip(
            (start if far else best).items(), moves.to(network.dtype),
            strict=True)}
    if not least < float("inf"):
        raise TrainingError(
            "expected finite losses of some numbers, got none: check the "
            "samples and their targets")
    network.shared = best
    held_out = loss(best, slice(n_train, None))
    return Training(time.perf_counter() - started, least, held_out)
