"""What each layer of a trained network for the Lasso does.

P. Ablin, T. Moreau, M. Massias and A. Gramfort (NeurIPS 2019,
arXiv:1905.11071) show that a layer leaves every solution of the Lasso where it
is only if it is a step of ISTA, and that deep layers become one. The measures
here are theirs, layer by layer.
"""
import numpy as np
import torch

from unrolling.inference import output
from unrolling.perturbation import perturbed

N_SAMPLES = 30
"""Samples, the first, whose solutions and whose L_S are computed."""

PERTURBATION = 0.05
"""Relative size (Frobenius) of the noise on the matrices of the control."""


@torch.no_grad()
def support_metrics(network, x):
    """1/L_S on the supports that the layers meet: lists, an entry a layer.

    Parameters
    ----------
    network : LassoNetwork
    x : Tensor, shape (n_samples, n_dim)

    Returns
    -------
    dict of str to list of float
        inverse_L_S_q10, inverse_L_S_median, inverse_L_S_q90 : quantiles over
        the samples of 1/L_S, S the support of the point before the layer
        (NaN where all are empty, as before the first);
        support_before : mean size of that support.
    """
    rows = []
    for point in list(network.points(x[:N_SAMPLES]))[:-1]:
        z = output(point)
        L_S = network.support_lipschitz(z)
        L_S = L_S[L_S > 0]
        low, median, high = np.quantile(
            1 / L_S if len(L_S) else [np.nan], [0.1, 0.5, 0.9])
        rows.append({
            "inverse_L_S_q10": low,
            "inverse_L_S_median": median,
            "inverse_L_S_q90": high,
            "support_before": (z != 0).sum(dim=1).double().mean().item(),
        })
    return by_name(rows)


@torch.no_grad()
def fixed_point_metrics(network, x):
    """How each layer moves the solutions of the Lasso: an entry a layer.

    Parameters
    ----------
    network : LassoNetwork
    x : Tensor, shape (n_samples, n_dim)
        The problems of the first N_SAMPLES samples are solved.

    Returns
    -------
    dict of str to list of float
        weight_distance : ||alpha/beta W - D||_F / ||D||_F, see
        `LassoNetwork.dictionary` (NaN where the layer has no such W);
        fixed_point : root mean square over the samples of the residual
        ||layer(z*) - z*||, relative to that of z*;
        fixed_point_perturbed : the same with noise on each matrix of the
        layer (equal where it has none).
        Layers that remember more than a point z have no fixed point: NaN.
    """
    x = x[:N_SAMPLES]
    z_star = torch.as_tensor(network.solve(x, 1e-12)).to(x)
    generator = torch.Generator().manual_seed(0)
    network.bind(x)
    has_fixed_points = torch.is_tensor(network.start())
    rows = []
    for parameters in network.layers:
        exact = changed = np.nan
        if has_fixed_points:
            exact = moved(network, z_star, parameters)
            changed = moved(network, z_star, perturbed(
                parameters, PERTURBATION, generator))
        rows.append({
            "weight_distance": weight_distance(network, parameters),
            "fixed_point": exact,
            "fixed_point_perturbed": changed,
        })
    return by_name(rows)


def by_name(rows):
    """Dicts, one a layer, as one dict of lists of floats."""
    return {name: [float(row[name]) for row in rows]
            for name in (rows[0] if rows else ())}


def weight_distance(network, parameters):
    """||alpha/beta W - D||_F / ||D||_F of a layer, or NaN."""
    W = network.dictionary(**parameters)
    if W is None:
        return np.nan
    return (torch.linalg.norm(W - network.D)
            / torch.linalg.norm(network.D)).item()


def moved(network, z_star, parameters):
    """How far a layer moves the solutions, relative to their norm."""
    z = network.layer(z_star, **network.shared, **parameters)
    return (torch.linalg.norm(z - z_star) / torch.linalg.norm(z_star)).item()
