"""A GAN whose discriminator is split by ADMM generates samples of comparable
quality, and is faster per iteration."""
from ci.claims.effects import over_seeds, quotients
from ci.claims.parts import EXTENDED, NO_WORSE, RATIO
from ci.names import class_of

from ._problems import (
    RING,
    SETUP,
    SLIDES,
    TUNED_RHO,
    TYPO,
    by_step,
    gan,
    gan_run,
    medians,
    part,
    split_gan,
    step_seconds,
)

TITLE = "A split discriminator trains as good a GAN, faster"
SOURCE = f"{SLIDES}, case study 2"
CHANGES = f"""{SETUP} {TYPO} Quality is the median of the evaluations after
half of the steps, four in full mode. An iteration is one step of each network,
of both blocks where the discriminator is split. The slides do not say which
block the generator learns from: both choices are parts. A smaller rho is an
extension."""

JUDGES = "average", "theta_2"
OTHER = 0.01
"""What the tuned rho is multiplied by."""


def splits(data):
    """Label -> selector of the split GANs with the tuned rho."""
    return {f"Split-GAN, {judge}": split_gan(TUNED_RHO[data], judge)
            for judge in JUDGES}


def runs(full):
    data = {"Ring": RING} | ({"Digits-GAN": "Digits-GAN"} if full else {})
    return [gan_run(full, [gan(), *splits(name).values(),
                           split_gan(OTHER * TUNED_RHO[name])], dataset)
            for name, dataset in data.items()]


def quality(df, solver, place, **options):
    """The distance to the test samples, and the share close to the data."""
    theirs, ours = (
        {column: medians(df, name, f"objective_{column}")
         for column in ("value", "fraction")} for name in (gan(), solver))
    return [
        part(place, "sliced Wasserstein distance of GAN / of Split-GAN",
             over_seeds(quotients(theirs["value"], ours["value"]), RATIO),
             NO_WORSE, **options),
        part(place, "share of samples close to the data, Split-GAN / GAN",
             over_seeds(quotients(ours["fraction"], theirs["fraction"]),
                        RATIO), NO_WORSE, **options)]


def check(df):
    parts = []
    for dataset, rows in df.groupby("dataset_name"):
        data = class_of(dataset)
        rho, tuned = TUNED_RHO[data], [*splits(data).values()]
        for judge, solver in zip(JUDGES, tuned, strict=True):
            parts += quality(rows, solver, f"{data}, rho = {rho}, generator "
                             f"judged by {judge}")
        parts.append(part(
            f"{data}, rho = {rho}",
            "seconds per iteration of GAN / of Split-GAN", over_seeds(
                quotients(step_seconds(rows, gan()),
                          step_seconds(rows, tuned[0])), RATIO)))
        parts += quality(rows, split_gan(OTHER * rho),
                         f"{data}, rho = {OTHER * rho:g}", regime=EXTENDED)
    return parts


def figure(df):
    return [by_step(rows, {"GAN": gan()} | splits(data), data,
                    "sliced Wasserstein distance")
            for dataset, rows in df.groupby("dataset_name")
            for data in [class_of(dataset)]]
