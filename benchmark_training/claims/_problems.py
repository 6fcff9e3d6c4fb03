"""What the claims about ADMM for training share: problems, effects."""
from functools import partial

import numpy as np
import pandas as pd

from ci.claims.claim import Missing, Panel, Run, band, by_seed, where
from ci.claims.effects import quotients
from ci.claims.parts import STAND_IN, Part

SLIDES = (
    "Z. Hervieux-Moore, ADMM in neural networks, slides of ELE 538B, "
    "Princeton, 2018")
SETUP = """The slides give neither data, networks, steps nor rho: these are the
suite's, which stand in. Step sizes were tuned on other seeds, with nine tries
a method, ADMM's at rho = 1, the split GAN's together with its rho, after 2000
steps; its grid was moved once on Digits-GAN, to 14 tries in all."""
TYPO = """The slides print theta_2 without a factor rho, which is right only at
rho = 1, and the discriminator's objective with the wrong sign: what they
derive decides, and what they print stands beside it as an extension."""
CAP = """A run that ends worse than it started, or without numbers, counts as
its start."""

TOY, RING = "Toy-regression", "Ring[n_test=1000]"
VALUE = "objective_value"
SENSITIVE = 2
"""The factor from the best objective to one that is worse."""
UPDATES = "derived", "printed"
RHOS = """Penalties reach from a hundredth to a hundred times the one for which
the step size was tuned."""

part = partial(Part, regime=STAND_IN)
"""A part, which decides unless it is said to be an extension."""
PLAIN = {"n_plain": 0, "restart": "cold", "restart_every": 0,
         "schedule": "constant"}
"""ADMM without what claim A4 adds."""
TUNED_RHO = {"Ring": 10, "Digits-GAN": 1}
"""The split GAN's penalty by data set, see `benchmark_utils.tuned_training`.
"""


def toy_rhos(full):
    """Penalties on the toy regression; step sizes were tuned at 1."""
    return (0.01, 0.1, 1, 10, 100) if full else (0.01, 1, 100)


def ring_rhos(full):
    """Penalties of the split discriminator, around the tuned one."""
    return tuple(rho * TUNED_RHO["Ring"] for rho in toy_rhos(full))


def select(name, **options):
    """The selector of a solver, `Name[parameter=value]`."""
    inside = ",".join(
        f"{key}={value:g}" if isinstance(value, (int, float))
        else f"{key}={value}" for key, value in options.items())
    return f"{name}[{inside}]"


def sgd(step_size="tuned"):
    """The selector of stochastic gradient descent."""
    return select("SGD", step_size=step_size)


def gan(step_size="tuned", loss="logits", sign="corrected"):
    """The selector of a GAN that is not split."""
    return select("GAN", loss=loss, sign=sign, step_size=step_size)


def admm(rho, update="derived", **change):
    """The selector of ADMM on the toy regression."""
    return select("ADMM", rho=rho, update=update, **PLAIN | change)


def split_gan(rho, judge="average", loss="logits", sign="corrected",
              **change):
    """The selector of a GAN whose discriminator is split."""
    return select("Split-GAN", rho=rho, judge=judge, loss=loss, sign=sign,
                  **PLAIN | change)


def toy_run(solvers):
    """Solvers on the toy regression."""
    return Run(["Training[n_steps=4000]"], [TOY], solvers)


def gan_run(full, solvers, dataset=RING):
    """Solvers on a GAN, half as long in quick mode."""
    return Run([f"Training[n_steps={4000 if full else 2000}]"], [dataset],
               solvers)


def rhos_in(df, name):
    """The penalties of a solver in the results, from the least."""
    own = df[df["solver_name"].str.startswith(f"{name}[")]
    return sorted(own["p_solver_rho"].dropna().unique())


def seeds_of(df, solver):
    """The rows of one solver, a DataFrame for each seed, in their order.

    Missing if the selector is of several: their rows would be mixed.
    """
    rows = where(df, solver)
    names = rows["solver_name"].unique()
    if len(names) > 1:
        raise Missing(f"expected one solver of {solver}, got {len(names)}")
    return [of_seed for _, of_seed in sorted(by_seed(rows).items())]


def ends(df, solver, column=VALUE, share=1.0):
    """A column at the last evaluation within a share of the steps.

    Returns
    -------
    ndarray, shape (n_seeds,), in the order of the seeds
    """
    return np.array([
        rows[rows["stop_val"] <= share * rows["stop_val"].max()][
            column].iloc[-1] for rows in seeds_of(df, solver)])


def medians(df, solver, column=VALUE):
    """The median of a column over the evaluations after half of the steps.

    The last iterate of a GAN is noisy. Returned as by `ends`.
    """
    return np.array([
        rows[rows["stop_val"] >= rows["stop_val"].max() / 2][column].median()
        for rows in seeds_of(df, solver)])


def step_seconds(df, solver, first=10):
    """The least time of a step between two evaluations, by seed.

    It is that of an undisturbed machine; the first steps are left out.
    """
    late = [rows[rows["stop_val"] >= first] for rows in seeds_of(df, solver)]
    return np.array([(rows["time"].diff() / rows["stop_val"].diff()).min()
                     for rows in late])


def capped(df, solver, reached):
    """What a solver reached, `ends` or `medians`, no worse than the start."""
    return np.minimum(reached(df, solver), ends(df, solver, share=0.0))


def spread(df, solvers, reached):
    """Worst over best value of several solvers, by seed."""
    return quotients(*(extreme(choose, df, solvers, reached)
                       for choose in (np.max, np.min)))


def near_best(df, solvers, reached):
    """The share of several solvers within SENSITIVE times the best, by seed.

    Unlike their spread, it does not depend on the cap where the start is
    farther from the best than that.
    """
    values = [capped(df, solver, reached) for solver in solvers]
    return np.mean(values <= SENSITIVE * np.min(values, axis=0), axis=0)


def extreme(choose, df, solvers, reached):
    """The least (np.min) or greatest (np.max) value of several solvers, by
    seed."""
    return choose([capped(df, solver, reached) for solver in solvers], axis=0)


def by_step(df, solvers, title, ylabel):
    """A panel of the value by step, what is worse than the start drawn at it;
    solvers is label -> selector."""
    curves = []
    for label, solver in solvers.items():
        rows = pd.concat([
            of_seed.assign(drawn=of_seed[VALUE].clip(
                upper=of_seed[VALUE].iloc[0]))
            for of_seed in seeds_of(df, solver)])
        curves.append(band(rows[rows["stop_val"] > 0], "drawn", label))
    return Panel(title, "steps", ylabel, curves)


def by_rho(df, families, reached, title, ylabel):
    """A panel of what is reached against rho, capped at the start.

    Parameters
    ----------
    families : dict, label -> list of selectors, one for each rho
    reached : function, `ends` or `medians`
    """
    curves = []
    for label, solvers in families.items():
        points = pd.concat([
            pd.concat([rows.tail(1) for rows in seeds_of(df, solver)]).assign(
                reached=capped(df, solver, reached)) for solver in solvers])
        curves.append(band(points, "reached", label, x="p_solver_rho"))
    return Panel(title, "rho", ylabel, curves)
