"""Generative priors need fewer measurements than sparsity in a cosine or a
wavelet basis: at equal m the reconstruction error is lower, and even with five
times the measurements the Lasso's is not."""
from ci.claims.claim import Panel, Run, band, where
from ci.claims.effects import at, compare
from ci.claims.parts import EXTENDED, Part

from ._problems import PRIOR, digits, prior

TITLE = "Fewer measurements than sparsity needs"
SOURCE = """A. Bora, A. Jalal, E. Price and A. G. Dimakis, Compressed sensing
using generative models, ICML 2017, arXiv:1703.03208, figures of MNIST and
CelebA (5 to 10 times fewer measurements)."""
CHANGES = f"""{PRIOR} The weight of ||z||^2, 0.1, is the source's for MNIST.
The Lasso is stronger than the source's, which has one penalty for all images:
its penalty, relative to each image's largest, is the best on other images, and
it codes the difference from the mean of the training images. The linear
estimate of least mean square error, which learns from the same images as the
generator and which the source does not have, is an extended regime."""

LEVELS = 0.1, 0.3, 0.5
LASSOS = "Lasso[basis=dct]", "Lasso[basis=haar]"
LINEAR = "LMMSE"
MU = 0.1


def runs(full):
    return [
        Run([prior("compressed_sensing", level, full, mu) for level in LEVELS],
            [digits(full, False)], solvers)
        for mu, solvers in ((MU, ["Adam"]), (0.0, [*LASSOS, LINEAR]))]


def check(df):
    return [part(df, level, level, rival) for level in LEVELS
            for rival in LASSOS] + [
        part(df, LEVELS[0], LEVELS[-1], rival) for rival in LASSOS] + [
        part(df, level, level, LINEAR, regime=EXTENDED) for level in LEVELS]


def part(df, ours, theirs, rival, **more):
    """The part that compares the prior with a rival, at a share each."""
    adam, other = (
        at(where(df[df["p_obj_level"] == level], solver), None)
        for solver, level in (("Adam", ours), (rival, theirs)))
    return Part(f"m/n = {ours:g}, rival's {theirs:g}",
                f"reconstruction error of {rival} / of Adam",
                compare(adam, other, "reconstruction_error"), **more)


def figure(df):
    curves = []
    for solver in ("Adam", *LASSOS, LINEAR):
        rows = where(df, solver)
        last = rows.groupby(["base_seed", "p_obj_level"]).tail(1)
        curves.append(band(last, "objective_reconstruction_error", solver,
                           x="p_obj_level"))
    return [Panel("held-out digits", "m/n", "mean square of a pixel's error",
                  curves, log="y")]
