"""Generative priors need fewer measurements than sparsity in a cosine or a
wavelet basis: at equal m the reconstruction error is lower, and even with five
times the measurements the Lasso's is not."""
from ci.claims.claim import Panel, Run, band, where
from ci.claims.effects import at, compare
from ci.claims.parts import EXTENDED, NO_WORSE, Part

from ._problems import DECODER, EFFORT, digits, prior

TITLE = "Fewer measurements than sparsity needs"
SOURCE = """A. Bora, A. Jalal, E. Price and A. G. Dimakis, Compressed sensing
using generative models, ICML 2017, arXiv:1703.03208, figures of MNIST and
CelebA (5 to 10 times fewer measurements)."""
CHANGES = f"""{DECODER} one of MNIST and a GAN of CelebA;
{EFFORT} Measurements are without noise, where the source's code
adds normal noise of standard deviation 0.1. The weight of ||z||^2, 0.1, is the
source's for MNIST; without noise a generator needs none, and the weight 0 is
an extended regime. The Lasso is stronger than the source's, which has one
penalty for all images: its penalty, relative to each image's largest, is the
best on other images, it codes the difference from the mean of the training
images, and its pixels are cut to [0, 1], as the generator's are. The linear
estimate of least mean square error, which learns from the same images as the
generator and which the source does not have, is an extended regime."""

LEVELS = 0.1, 0.3, 0.5
LASSOS = "Lasso[basis=dct]", "Lasso[basis=haar]"
LINEAR = "LMMSE"
WEIGHTS = {0.1: {}, 0.0: {"regime": EXTENDED}}
"""The weight of ||z||^2 with which Adam runs -> the regime of its parts."""


def runs(full):
    return [
        Run([prior("compressed_sensing", level, full, mu) for level in LEVELS],
            [digits(full, False)], ["Adam"] + (
                [] if mu else [*LASSOS, LINEAR]))
        for mu in WEIGHTS]


def check(df):
    parts = []
    for mu, regime in WEIGHTS.items():
        parts += [part(df, mu, level, level, rival, **regime)
                  for level in LEVELS for rival in LASSOS]
        parts += [part(df, mu, LEVELS[0], LEVELS[-1], rival, bar=NO_WORSE,
                       **regime)
                  for rival in LASSOS]
        parts += [part(df, mu, level, level, LINEAR, regime=EXTENDED)
                  for level in LEVELS]
    return parts


def of_adam(df, mu):
    """The rows of Adam with that weight of ||z||^2."""
    return where(df[df["p_obj_mu"] == mu], "Adam")


def part(df, mu, ours, theirs, rival, **more):
    """The part that compares the prior with a rival, at a share each."""
    pair = [at(rows[rows["p_obj_level"] == level], None) for rows, level in (
        (of_adam(df, mu), ours), (where(df, rival), theirs))]
    return Part(f"m/n = {ours:g}, rival's {theirs:g}, weight {mu:g}",
                f"reconstruction error of {rival} / of Adam",
                compare(*pair, "reconstruction_error"), **more)


def figure(df):
    solvers = {f"Adam, weight {mu:g}": of_adam(df, mu) for mu in WEIGHTS} | {
        name: where(df, name) for name in (*LASSOS, LINEAR)}
    curves = []
    for name, rows in solvers.items():
        last = rows.groupby(["base_seed", "p_obj_level"]).tail(1)
        curves.append(band(last, "objective_reconstruction_error", name,
                           x="p_obj_level"))
    return [Panel("held-out digits", "m/n", "mean square of a pixel's error",
                  curves, log="y")]
