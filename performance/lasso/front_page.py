"""The figure of the README, from the results of configs/fig_front.yml.

python performance/lasso/front_page.py RESULT.parquet FIGURE.svg

The mean gap of held-out problems over that of z = 0, against products with D
or D', or what costs as much (see `products`), and against time, the least over
the repetitions. Networks are dashed, as in all reports, methods that learn
nothing solid, and that of two tuned numbers is dotted; names stand at the ends
of their lines.
"""
import io
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn.isotonic import IsotonicRegression

from unrolling.files import write_whole

FRONT = {
    "ISTA": ("0.6", "-"), "FISTA": ("0.35", "-"), "CD": ("C8", "-"),
    "SpaRSA": ("C1", "-"), "ADMM": ("C5", "-"), "Active-set": ("C3", "-"),
    "Chebyshev-ISTA": ("C4", ":"), "Step-LISTA": ("C0", "--"),
    "Learned-FISTA": ("C2", "--"), "Coupled-LISTA": ("C9", "--"),
    "Step-ADMM": ("C6", "--")}
"""Solver -> color and line style."""
PRODUCTS, LEAST = 40, 1e-7
"""Where the axes end: products, and the gap; what is lower is drawn there."""
APART, NEAR = 0.055, 0.15
"""Height of a name, and where lines end near each other, as shares of the
axes."""


def products(name, rows):
    """What the evaluations of a solver have cost a sample, in units of a
    product with D: n_dim n_atoms multiplications.

    CD counts its own, D'D among them. An iteration or a layer has two, that of
    Step-ADMM once its matrix for the learned penalty is stored.
    """
    if name == "CD":
        return rows["objective_products"].where(rows["stop_val"] > 0, 0)
    return 2 * rows["stop_val"]


def main(result, target):
    """Draw both panels side by side, and write them as SVG."""
    df = pd.read_parquet(result)
    start = df["objective_suboptimality"].max()
    style = {"font.size": 8, "svg.fonttype": "none", "svg.hashsalt": "front",
             "axes.spines.top": False, "axes.spines.right": False}
    with mpl.rc_context(style):
        fig = Figure(figsize=(7.6, 3.2), layout="constrained")
        axes = fig.subplots(1, 2, sharey=True)
        axes[0].set(yscale="log", ylim=(LEAST, 1), xlim=(0, PRODUCTS),
                    xlabel="products with D or D', or their cost",
                    ylabel="mean held-out F - F*, relative to z = 0")
        axes[1].set(xscale="log", xlabel="microseconds a problem")
        ends = [], []
        for name in FRONT:
            rows = df[df["solver_name"].str.split("[").str[0] == name]
            curve = rows.assign(products=products(name, rows)).groupby(
                "stop_val").agg(
                    gap=("objective_suboptimality", "median"),
                    products=("products", "median"), time=("time", "min"))
            curve = curve.assign(
                gap=(curve["gap"] / start).clip(lower=LEAST),
                time=1e6 / df["p_dataset_n_test"].iloc[0] * curve["time"])
            if (rows["sampling_strategy"] == "Iteration").all():
                within = curve[curve["products"] <= PRODUCTS]
                ends[0].append(draw(axes[0], within, "products", name))
                curve = curve[curve["products"] > 0]
            else:  # that of the exact solver, to its least tolerance
                curve = curve[curve["gap"] <= 10 * LEAST].nsmallest(1, "time")
            if (curve["gap"] <= LEAST).any():
                curve = curve[:(curve["gap"] <= LEAST).to_numpy().argmax() + 1]
            ends[1].append(draw(axes[1], curve, "time", name))
        fig.draw_without_rendering()  # which settles the axes' limits
        for ax, points in zip(axes, ends, strict=True):
            label(ax, points)
        content = io.BytesIO()
        fig.savefig(content, format="svg", metadata={"Date": None})
    write_whole(Path(target), content.getvalue())


def draw(ax, curve, x, name):
    """A line, or a dot; returns its end and its name."""
    color, dash = FRONT[name]
    ax.plot(curve[x], curve["gap"], dash if len(curve) > 1 else "o",
            color=color, lw=1.5, ms=4, clip_on=False)
    return curve[x].iloc[-1], curve["gap"].iloc[-1], name


def label(ax, points):
    """Names beside the ends of the lines, in their order, none over another:
    among those that end near each other, the least squares of their moves."""
    shares = [(*ax.transAxes.inverted().transform(
        ax.transData.transform((x, y))), name) for x, y, name in points]
    shares.sort()
    starts = [i for i, (share, *_) in enumerate(shares)
              if i == 0 or share - shares[i - 1][0] > NEAR]
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        near = sorted(shares[start:end], key=lambda one: -one[1])
        room = APART * np.arange(len(near))
        heights = IsotonicRegression(increasing=False).fit_transform(
            room, [height for _, height, _ in near] + room) - room
        heights += max(0, APART / 2 - heights.min())  # not on the axis below
        for (share, _, name), height in zip(near, heights, strict=True):
            ax.annotate(
                name, (share, height), (4, 0), xycoords="axes fraction",
                textcoords="offset points", color=FRONT[name][0],
                va="center", annotation_clip=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
