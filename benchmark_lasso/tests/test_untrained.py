"""Untrained, a learned solver is a published algorithm."""
import numpy as np
import pytest
import torch

from unrolling.lasso import lasso_cost

NOT_ISTA = {
    "ALISTA", "Momentum-ALISTA", "HyperLISTA", "TISTA", "LISTA-CPSS",
    "Learned-FISTA", "BB-LISTA", "Chebyshev-ISTA", "Silver-ISTA",
    "Tuned-ADMM", "Step-ADMM"}
"""Networks whose untrained layers are another algorithm."""


def soft_threshold(v, t):
    return np.sign(v) * np.maximum(abs(v) - t, 0)


def alista(network, objective, n_iter):
    """The analytic weights are tested below."""
    D, x, W = objective.D, objective.x_test, network.W.numpy()
    step, z = 1 / np.linalg.norm(D.T @ W, 2), np.zeros((len(x), D.shape[1]))
    for _ in range(n_iter):
        z = soft_threshold(z - step * (z @ D.T - x) @ W,
                           step * objective.lmbd)
    return z


def fista(network, objective, n_iter):
    """As printed by Beck and Teboulle (2009), section 4."""
    D, x = objective.D, objective.x_test
    L, t = np.linalg.norm(D, 2) ** 2, 1
    z = y = np.zeros((len(x), D.shape[1]))
    for _ in range(n_iter):
        z_old, z = z, soft_threshold(
            y - (y @ D.T - x) @ D / L, objective.lmbd / L)
        t_old, t = t, (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = z + (t_old - 1) / t * (z - z_old)
    return z


def linearised_admm(network, objective, n_iter):
    """The z-step linearised, the e-step exact; any rho."""
    D, x, rho = objective.D, objective.x_test, network.rho
    step = 1 / (rho * np.linalg.norm(D, 2) ** 2)
    z, e, dual = np.zeros((len(x), D.shape[1])), x, -x
    for _ in range(n_iter):
        gradient = (dual + rho * (z @ D.T + e - x)) @ D
        z = soft_threshold(z - step * gradient, step * objective.lmbd)
        e = (rho * (x - z @ D.T) - dual) / (1 + rho)
        dual = dual + rho * (z @ D.T + e - x)
    return z


def admm(network, objective, n_iter):
    """With the dense inverse, rho = 1, over-relaxed by 1.6."""
    D, x = objective.D, objective.x_test
    inverse = np.linalg.inv(D.T @ D + np.eye(D.shape[1]))
    z = u = np.zeros((len(x), D.shape[1]))
    for _ in range(n_iter):
        v = 1.6 * (x @ D + z - u) @ inverse - 0.6 * z
        z = soft_threshold(v + u, objective.lmbd)
        u = u + v - z
    return z


def tista(network, objective, n_iter):
    """As printed by Ito, Takabe and Wadayama (2019), with gamma_t = 1."""
    A, y = objective.D, objective.x_test
    (M, N), noise, variance, p = A.shape, 1e-3, 1.0, 0.1 / 1.1
    W = np.linalg.pinv(A)

    def density(z, variance):
        return np.exp(-z**2 / (2 * variance)) / np.sqrt(
            2 * np.pi * variance)

    s = np.zeros((len(y), N))
    for _ in range(n_iter):
        r = s + (y - s @ A.T) @ W.T
        v2 = np.maximum((((y - s @ A.T) ** 2).sum(axis=1) - M * noise)
                        / np.trace(A.T @ A), 1e-9)
        tau2 = (v2 / N * (N - min(M, N))
                + noise / N * np.trace(W @ W.T))[:, None]
        xi = variance + tau2
        s = r * variance / xi * p * density(r, xi) / (
            (1 - p) * density(r, tau2) + p * density(r, xi))
    return s


def ista_with_support_selection(network, objective, n_iter):
    """Chen, Liu, Wang and Yin (2018), sample by sample."""
    D, x, lmbd = objective.D, objective.x_test, objective.lmbd
    z, step = np.zeros((len(x), D.shape[1])), 1 / np.linalg.norm(D, 2) ** 2
    for t in range(n_iter):
        n_trusted = round(min(1.2 * (t + 1), 12) / 100 * D.shape[1])
        z = z - step * (z @ D.T - x) @ D
        for row in z:
            trusted = np.argsort(-abs(row))[:n_trusted]
            kept = row[trusted] * (abs(row[trusted]) > step * lmbd)
            row[:] = soft_threshold(row, step * lmbd)
            row[trusted] = kept
    return z


def hyper_lista(network, objective, n_iter):
    """Chen, Liu, Wang and Yin (2021), sample by sample."""
    D, W, rows = objective.D, network.W.numpy(), []
    D_pinv, products = np.linalg.pinv(D), abs(W.T @ D)
    mu = (products - np.diag(np.diag(products))).max()
    for x in objective.x_test:
        z = z_old = np.zeros(D.shape[1])
        for _ in range(n_iter):
            error = abs(D_pinv @ (D @ z - x)).sum()
            m, b = 0.03 * mu * (z != 0).sum(), 0.1 * mu * error
            p = 3 * np.log(abs(D_pinv @ x).sum() / error)
            v = z - W.T @ (D @ z - x) + m * (z - z_old)
            z, z_old = soft_threshold(v, b), z
            for j in np.argsort(-abs(v))[:max(int(np.ceil(p)), 0)]:
                z[j] = v[j] if z[j] else 0
        rows.append(z)
    return np.array(rows)


def ista_with_steps(objective, steps):
    """ISTA with a step for each iteration."""
    D, x = objective.D, objective.x_test
    z = np.zeros((len(x), D.shape[1]))
    for step in steps:
        z = soft_threshold(z - step * (z @ D.T - x) @ D,
                           step * objective.lmbd)
    return z


def silver(network, objective, n_iter):
    """The steps of Altschuler and Parrilo (2023), as a table."""
    rho, L = 1 + np.sqrt(2), np.linalg.norm(objective.D, 2) ** 2
    low, middle, high, top = 1 + 1 / rho, 2, 1 + rho, 1 + rho**2
    table = [low, middle, low, high, low, middle, low, top, low, middle]
    return ista_with_steps(objective, np.array(table[:n_iter]) / L)


def chebyshev(network, objective, n_iter):
    """The inverse roots of T_n on [0.3 L, L], every second one first."""
    L = np.linalg.norm(objective.D, 2) ** 2
    if not n_iter:
        return ista_with_steps(objective, [])
    roots = np.polynomial.chebyshev.chebroots([0] * n_iter + [1])[::-1]
    order = {1: [0], 2: [0, 1], 3: [0, 2, 1], 4: [0, 2, 1, 3],
             5: [0, 4, 2, 1, 3], 10: [0, 8, 4, 2, 6, 1, 9, 5, 3, 7]}[n_iter]
    return ista_with_steps(
        objective, 1 / (L * (0.3 + 0.35 * (1 + roots[order]))))


def barzilai_borwein(network, objective, n_iter):
    """Sample by sample, with the longer of the two steps, 1/L at first."""
    D, lmbd = objective.D, objective.lmbd
    L, rows = np.linalg.norm(D, 2) ** 2, []
    for x in objective.x_test:
        z = np.zeros(D.shape[1])
        step = 1 / L
        for _ in range(n_iter):
            old, z = z, soft_threshold(
                z - step * D.T @ (D @ z - x), step * lmbd)
            move, change = z - old, D.T @ D @ (z - old)
            step = move @ move / (move @ change) if move.any() else 1 / L
        rows.append(z)
    return np.array(rows)


ALGORITHMS = {
    "Silver-ISTA": silver, "Chebyshev-ISTA": chebyshev,
    "BB-LISTA": barzilai_borwein,
    "ALISTA": alista, "Momentum-ALISTA": alista, "HyperLISTA": hyper_lista,
    "Learned-FISTA": fista, "D-LADMM": linearised_admm,
    "Tuned-ADMM": admm, "Step-ADMM": admm,
    "TISTA": tista, "LISTA-CPSS": ista_with_support_selection,
}
"""What the untrained networks compute; ISTA where nothing is said."""


@pytest.mark.parametrize("data", ["white", "few atoms", "digits"])
def test_untrained_is_its_algorithm(suite, learned_class, data):
    network, objective = suite.make_network(learned_class.name, data)
    x = torch.tensor(objective.x_test)
    algorithm = ALGORITHMS.get(
        learned_class.name, lambda _, *problem: suite.ista(*problem))
    for n_layers in (1, 2, 3, 4, 5, 10):
        expected = algorithm(network, objective, n_layers)
        np.testing.assert_allclose(
            network.grow(n_layers).forward(x), expected, rtol=0,
            atol=1e-12 * max(1, abs(expected).max()))
        if learned_class.name not in NOT_ISTA:
            np.testing.assert_allclose(
                network(x), suite.ista(objective, n_layers), rtol=0,
                atol=1e-12)


@pytest.mark.parametrize("rho", [0.3, 4.0])
def test_untrained_is_linearised_admm_for_any_rho(suite, rho):
    network, objective = suite.make_network("D-LADMM")
    network.rho = rho
    for n_layers in (1, 2, 5):
        np.testing.assert_allclose(
            network.grow(n_layers).forward(torch.tensor(objective.x_test)),
            linearised_admm(network, objective, n_layers), rtol=0,
            atol=1e-12)


def test_no_training_through_benchopt(suite, learned_class, weights_folder):
    """loss=none is the algorithm that the network says it unrolls."""
    name, unrolls = learned_class.name, learned_class.network.unrolls
    assert (unrolls == "ISTA") == (name not in NOT_ISTA)
    objective = suite.make_objective()
    network, _ = suite.make_network(name)
    for n_layers in (0, 1, 3):
        result = suite.run(name, objective, n_layers, loss="none")
        expected = (suite.ista(objective, n_layers) if unrolls == "ISTA" else
                    ALGORITHMS[name](network, objective, n_layers))
        np.testing.assert_allclose(
            result["z"], expected, rtol=0,
            atol=1e-12 * max(1, abs(expected).max()))
    assert result["training"]["unrolls"] == (unrolls or "")
    # what the network computes of its problem is no more free than an
    # algorithm's own set-up
    assert result["training"]["train_time_s"] > 0
    assert not weights_folder.exists()


def test_untrained_does_no_harm(suite, learned_class):
    """ALISTA, too, starts from a network that is not above F(0)."""
    network, objective = suite.make_network(learned_class.name)
    x = torch.tensor(objective.x_test)
    cost = lasso_cost(network.grow(5)(x).numpy(), objective.D,
                      objective.x_test, objective.lmbd)
    assert cost.mean() <= 0.5 * (objective.x_test**2).sum(axis=1).mean()
