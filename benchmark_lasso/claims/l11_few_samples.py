"""T parameters instead of (2 + mn)T: the gap between the held-out and the
training cost of Step-LISTA is smaller than LISTA's when there are few training
samples."""
from ci.claim import Check, Panel, Run, band, where

from ._problems import REGS, TALK, lasso, learned

TITLE = "Fewer parameters, smaller generalisation gap"
SOURCE = TALK

NAMES = ["Step-LISTA", "LISTA"]


def runs(full):
    size, sweep, T = (
        ("n_dim=64,n_atoms=256,signals=white,n_test=500",
         [50, 100, 200, 500, 1000], 12) if full else
        ("n_dim=10,n_atoms=20,signals=white,n_test=100", [20, 50, 200], 8))
    return [Run(lasso(*REGS),
                [f"Simulated[{size},n_train={n}]" for n in sweep],
                [learned(name, T) for name in NAMES])]


def deepest(df, name):
    """The gap of the deepest network, by reg and n_train."""
    rows = where(df, name)
    rows = rows[rows["stop_val"] == rows["stop_val"].max()]
    return rows.assign(
        gap=rows["objective_value"] - rows["objective_train_loss"])


def check(df):
    index = ["p_obj_reg", "p_dataset_n_train"]
    step, lista = (deepest(df, name).set_index(index)["gap"].sort_index()
                   for name in NAMES)
    numbers = {"smallest LISTA's gap - Step-LISTA's": (lista - step).min()}
    for reg, n in step.index:
        numbers[f"Step-LISTA, LISTA: reg {reg:g}, {n:g} samples"] = (
            f"{step[reg, n]:.2e}, {lista[reg, n]:.2e}")
    return Check((step < lista).all(), numbers)


def figure(df):
    panels = []
    for reg, rows in df.groupby("p_obj_reg"):
        for column, what in [("gap", "held-out F - training F"),
                             ("objective_suboptimality",
                              "mean held-out F - F*")]:
            panels.append(Panel(
                f"{what}, reg {reg:g}", "training samples", what,
                [band(deepest(rows, name), column, name,
                      x="p_dataset_n_train") for name in NAMES],
                log="x" if column == "gap" else "xy"))
    return panels
