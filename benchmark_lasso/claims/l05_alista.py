"""ALISTA's analytic weights, good for supervised recovery (it estimates the
true codes better than ISTA at equal T), fall behind when trained on the Lasso
itself (its F is above that of every other network at equal T)."""
from ci.claims.claim import Check, Panel, Run, band, where

from ._problems import (
    CODES,
    NETWORKS,
    REGS,
    SMALL_CODES,
    curve,
    depth,
    lasso,
    learned,
    problems,
    suboptimality,
)

TITLE = "ALISTA falls behind on the Lasso"
SOURCE = """P. Ablin, Deep learning for inverse problems: solving the Lasso
with neural networks (talk, 2019); J. Liu, X. Chen, Z. Wang and W. Yin, ALISTA:
analytic weights are as good as learned weights in LISTA, ICLR 2019."""


def runs(full):
    T = depth(full)
    return [Run(lasso(*REGS), [CODES if full else SMALL_CODES], [
        "ISTA", learned("ALISTA", T, "supervised"), learned("ALISTA", T),
        *(learned(name, T) for name in NETWORKS)])]


def check(df):
    numbers, holds = {}, True
    for problem, rows in problems(df).items():
        alista = curve(rows, "ALISTA[loss=unsupervised]")
        T = alista.index.max()
        for name in NETWORKS:
            ratio = alista[T] / curve(rows, name)[T]
            numbers[f"gap / {name}'s at T={T:g}, {problem}"] = ratio
            holds &= ratio > 1
        codes = curve(rows, "ALISTA[loss=supervised]", "nmse_db")[T]
        ista = curve(rows, "ISTA", "nmse_db")[T]
        numbers[f"supervised: NMSE at T={T:g}, {problem} [dB]"] = codes
        numbers[f"ISTA: NMSE at T={T:g}, {problem} [dB]"] = ista
        holds &= codes < ista
    least = min(v for k, v in numbers.items() if k.startswith("gap"))
    return Check(holds, {"smallest gap / a network's": least,
                               **numbers})


def figure(df):
    panels = []
    deepest = where(df, "ALISTA")["stop_val"].max()
    df = df[df["stop_val"] <= deepest]
    for problem, rows in problems(df).items():
        panels.append(Panel(
            f"Trained on the Lasso, {problem}", "iterations or layers T",
            "mean held-out F - F*",
            [suboptimality(rows, "ALISTA[loss=unsupervised]"),
             *(suboptimality(rows, name) for name in ["ISTA", *NETWORKS])]))
        panels.append(Panel(
            f"Recovery of the codes, {problem}", "iterations or layers T",
            "NMSE [dB]",
            [band(where(rows, name), "objective_nmse_db", label)
             for name, label in [("ALISTA[loss=supervised]",
                                  "ALISTA, supervised"), ("ISTA", "ISTA")]],
            log=""))
    return panels
