"""Generative priors need fewer measurements than sparsity in a cosine or a
wavelet basis: at equal m the reconstruction error is lower, and even with five
times the measurements the Lasso's is not."""
from ci.claims.claim import Panel, Run, band, where
from ci.claims.effects import at, compare
from ci.claims.parts import Part

from ._problems import PRIOR, digits, prior

TITLE = "Fewer measurements than sparsity needs"
SOURCE = """A. Bora, A. Jalal, E. Price and A. G. Dimakis, Compressed sensing
using generative models, ICML 2017, arXiv:1703.03208, figures of MNIST and
CelebA (5 to 10 times fewer measurements)."""
CHANGES = f"""{PRIOR} Adam runs on the error of the measurements alone, without
the source's penalty of z. The penalty of the Lasso is the best on other
images."""

LEVELS = 0.1, 0.3, 0.5
BASES = "dct", "haar"


def runs(full):
    return [Run([prior("compressed_sensing", level, full)
                 for level in LEVELS], [digits(full, False)],
                ["Adam", *map(lasso, BASES)])]


def lasso(basis):
    """The Lasso's selector."""
    return f"Lasso[basis={basis}]"


def check(df):
    def last(solver, level):
        return at(where(df[df["p_obj_level"] == level], solver), None)

    pairs = [(level, level) for level in LEVELS] + [(LEVELS[0], LEVELS[-1])]
    return [
        Part(f"m/n = {ours:g}, Lasso's {theirs:g}",
             f"reconstruction error of Lasso ({basis}) / of Adam",
             compare(last("Adam", ours), last(lasso(basis), theirs),
                     "reconstruction_error"))
        for ours, theirs in pairs for basis in BASES]


def figure(df):
    curves = []
    for solver in ("Adam", *map(lasso, BASES)):
        rows = where(df, solver)
        last = rows.groupby(["base_seed", "p_obj_level"]).tail(1)
        curves.append(band(last, "objective_reconstruction_error", solver,
                           x="p_obj_level"))
    return [Panel("held-out digits", "m/n", "mean square of a pixel's error",
                  curves, log="y")]
