"""Step-LISTA has T parameters, LISTA has (2 + mn)T: Step-LISTA has the smaller
gap between held-out and training cost when there are few training samples."""
from ci.claims.claim import Check, Curve, Panel, Run, band, where

from ._problems import REGS, TALK, lasso, learned

TITLE = "Fewer parameters, smaller generalisation gap"
SOURCE = TALK

NAMES = ["Step-LISTA", "LISTA"]


def runs(full):
    size, sweep, T = (
        ("n_dim=64,n_atoms=256,signals=white,n_test=500",
         [50, 100, 200, 500, 1000], 12) if full else
        ("n_dim=10,n_atoms=20,signals=white,n_test=100", [20, 200], 5))
    return [Run(lasso(*REGS),
                [f"Simulated[{size},n_train={n}]" for n in sweep],
                [learned(name, T) for name in NAMES])]


def deepest(df, name):
    """The rows of the deepest network, with their gap."""
    rows = where(df, name)
    rows = rows[rows["stop_val"] == rows["stop_val"].max()]
    return rows.assign(
        gap=rows["objective_value"] - rows["objective_train_loss"])


def excess(df):
    """LISTA's gap minus Step-LISTA's, trained on the same samples.

    The optimal costs of the two sets of samples, which differ, cancel out.
    """
    index = ["p_obj_reg", "p_dataset_n_train", "base_seed"]
    step, lista = (deepest(df, name).set_index(index)["gap"]
                   for name in NAMES)
    return (lista - step).sort_index().reset_index()


def check(df):
    rows = excess(df)
    numbers = {
        f"LISTA's gap - Step-LISTA's: reg {row.p_obj_reg:g}, "
        f"{row.p_dataset_n_train:g} samples": row.gap
        for row in rows.itertuples()}
    least = rows["gap"].min()
    return Check(least > 0, {
        "smallest of LISTA's gap - Step-LISTA's": least, **numbers})


def figure(df):
    panels = []
    for reg, rows in df.groupby("p_obj_reg"):
        difference = band(
            excess(rows), "gap", "LISTA", x="p_dataset_n_train")
        panels.append(Panel(
            f"What LISTA overfits more, reg {reg:g}", "training samples",
            "LISTA's gap - Step-LISTA's", [
                difference,
                Curve("equal", difference.x, [0] * len(difference.x),
                      mode="lines", dash="dash")], log="x"))
        panels.append(Panel(
            f"Held-out cost, reg {reg:g}", "training samples",
            "mean held-out F - F*",
            [band(deepest(rows, name), "objective_suboptimality", name,
                  x="p_dataset_n_train") for name in NAMES]))
    return panels
