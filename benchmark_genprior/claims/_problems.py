"""What the claims about generative priors share: problems, effects."""
import numpy as np

from ci.claims.claim import Panel, band, by_seed, where
from ci.claims.effects import at, compare, over_seeds, quotients
from ci.claims.parts import RATIO, Part

LATORRE = (
    "F. Latorre, A. Eftekhari and V. Cevher, Fast and provable ADMM for "
    "learning with generative priors, NeurIPS 2019, arXiv:1907.03343")
DECODER = """The generator is the decoder of a variational autoencoder of the
8 x 8 digits, where the source has"""
EFFORT = """all methods have steps and penalties that were tuned with equal
effort, the same starts, and their best iterate counts."""
PRIOR = f"{DECODER} WGANs of MNIST and CelebA; {EFFORT}"

ERROR = "measurement_error"


def digits(full, in_range):
    """Images in the generator's range, or held-out ones."""
    epochs, n_test = (100, 50) if full else (40, 20)
    return f"Digits[epochs={epochs},in_range={in_range},n_test={n_test}]"


def both(full):
    """Data sets: images in the range, then held-out ones."""
    return [digits(full, in_range) for in_range in (True, False)]


def prior(problem, level, full, mu=0.0):
    """The objective on a problem, with the weight of the latents' prior."""
    n_iter, n_restarts = (2000, 2) if full else (200, 1)
    return (f"Generative prior[level={level},max_iter={n_iter},max_time=300,"
            f"mu={mu},n_restarts={n_restarts},problem={problem}]")


def places(df):
    """Name -> rows of each data set, problem and level."""
    named = {}
    for (dataset, problem, level), rows in df.groupby(
            ["dataset_name", "p_obj_problem", "p_obj_level"]):
        kind = "in range" if "in_range=True" in dataset else "held out"
        named[f"{problem} {level:g}, {kind}"] = rows
    return named


def depths(df):
    """A tenth of the iterations, and all of them."""
    last = int(df["stop_val"].max())
    return [last // 10, last]


def ratio(df, method, rival, T, place, key=ERROR, **part):
    """The part that compares the errors of two solvers at iteration T."""
    return Part(
        f"{place}, T = {T:g}", f"{key.replace('_', ' ')} of {rival} / of "
        f"{method}", compare(at(where(df, method), T),
                             at(where(df, rival), T), key), **part)


def iterations_to(df, solver, target):
    """Iterations after which the mean error is at most target, or infinity.

    They are those of an evaluation, at least 1.
    """
    rows = where(df, solver)
    reached = rows[rows[f"objective_{ERROR}"] <= target]["stop_val"]
    return max(float(reached.min()), 1.0) if len(reached) else np.inf


def speed_up(df, method, rival, place, **part):
    """The part that counts iterations until the error that the rival ends at.

    What the rival reaches is the target; it needs all its iterations or less.
    """
    counts = []
    for rows in by_seed(df).values():
        target = where(rows, rival)[f"objective_{ERROR}"].min()
        counts.append([iterations_to(rows, solver, target)
                       for solver in (rival, method)])
    theirs, ours = np.transpose(counts)
    return Part(place, f"iterations of {rival} / of {method}",
                over_seeds(quotients(theirs, ours), RATIO), **part)


def panels(df, solvers, ylabel, column=ERROR):
    """A panel for each place: a column of each solver by iteration."""
    drawn = []
    for place, rows in places(df).items():
        rows = rows[(rows["stop_val"] > 0)
                    & (rows[f"objective_{column}"] > 0)]
        drawn.append(Panel(place, "iterations", ylabel, [
            band(where(rows, solver), f"objective_{column}", solver)
            for solver in solvers]))
    return drawn
