"""What the claims about optimisation layers share: problems, comparisons."""
from ci.claims.claim import where
from ci.claims.effects import at, compare
from ci.claims.parts import Part
from ci.names import class_of

PAULUS = (
    "A. Paulus, G. Martius and V. Musil, LPGD: a general framework for "
    "backpropagation through embedded optimization layers, ICML 2024, "
    "arXiv:2407.05920")
VARIANTS = "lower", "upper", "average"


def simplex(gamma, regularizer="quadratic"):
    """Imitation of an expert on the simplex."""
    return f"Simplex[gamma={gamma},regularizer={regularizer}]"


def lpgd(variant, optimizer="gd", tau="tuned", step_size="tuned"):
    """LPGD's selector."""
    return (f"LPGD[optimizer={optimizer},rho=0.0,step_size={step_size},"
            f"tau={tau},variant={variant}]")


def tuned(name, optimizer="gd"):
    """The selector of another solver."""
    return f"{name}[optimizer={optimizer},step_size=tuned]"


def within(df, solves):
    """Select the last evaluation of each seed that so many solves pay for."""
    df = df[df["objective_n_solves"] <= solves]
    return df.sort_values("stop_val", kind="stable").groupby(
        "base_seed").tail(1)


def loss_ratio(df, method, rival, where_, key="train_loss", solves=None,
               **part):
    """The part that compares the losses of two solvers at the end.

    Parameters
    ----------
    df : DataFrame, results on one problem
    method, rival : str, selectors
    where_ : str, the part's place
    key : {"train_loss", "test_loss"}
    solves : bool; the method has as many solves of the layer as its rival's
        steps need; otherwise as many outer steps
    **part : fields of Part

    Returns
    -------
    Part
    """
    ours, theirs = where(df, method), at(where(df, rival), None)
    ours = within(ours, theirs["objective_n_solves"].min()) if (
        solves) else at(ours, None)
    return Part(
        f"{where_}, equal {'solves' if solves else 'steps'}",
        f"{key.replace('_', ' ')} of {short(rival)} / of {short(method)}",
        compare(ours, theirs, key), **part)


def short(selector):
    """A solver's name, with what sets it apart from others of a claim."""
    base = class_of(selector)
    parts = [variant for variant in VARIANTS
             if f"variant={variant}" in selector]
    parts += ["Adam"] if "optimizer=adam" in selector else []
    return f"{base} ({', '.join(parts)})" if parts else base


def distances(df, solver):
    """Distances of the estimates at the start to the exact gradients, an
    array, one for each seed."""
    rows = at(where(df, solver), 0).sort_values("base_seed")
    return rows["objective_gradient_distance"].to_numpy()
