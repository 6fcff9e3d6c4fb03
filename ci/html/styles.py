"""One look for each solver: the same in every plot of the suite.

Its class has a colour and a shape of marker. Instances of it with different
parameters are told apart by lighter colours and open markers. Curves of what
was trained or tuned are dashed, all other curves of solvers solid; what is no
solver, as a bound, is grey and dotted.
"""

import re

from ci.html.display import COLOURS
from ci.names import split

SHAPES = {0: "o", 1: "s", 2: "D", 5: "^", 6: "v", 3: "P", 4: "X", 13: "p",
          17: "*", 7: "<", 8: ">", 14: "h"}
"""plotly's number of a symbol -> matplotlib's marker."""
OPEN = 100
"""What plotly adds to the number of a symbol that is not filled."""
DASHES = {"solid": "-", "dash": "--", "dot": ":"}
"""plotly's name of a line -> matplotlib's."""
INKS = "#1B1F24", "#6B7280", "#9CA3AF"

FIRST = (
    "ADMM-Gauss-Newton", "LISTA", "Chambolle-Pock", "Synthesis-Step-LISTA",
    "FISTA", "Dual-PGD", "Synthesis-Coupled-LISTA", "Learned-FISTA",
    "Coupled-LISTA", "Chebyshev-ISTA", "Step-LISTA", "Synthesis-ISTA",
    "Tuned-ISTA", "ISTA", "GD", "Adam", "First-step-LISTA", "skglm",
    "Gauss-Newton", "Subgradient", "Synthesis-CD", "Coupled-LPGD", "Step-LPGD",
    "Fixed-point", "FacNet", "Step-Condat-Vu", "Backtracking-ISTA",
    "Synthesis-LISTA", "prox-tv", "CD", "condat-tv", "Silver-ISTA",
    "scikit-learn", "Synthesis-FISTA", "Step-Subgradient", "celer", "ADMM",
    "Condat-Vu", "Oracle-ISTA", "Step-ADMM", "Silver-PGD", "Dual-FGP", "TISTA",
    "LISTA-CPSS", "Taut-string", "BB-LISTA", "Coupled-Condat-Vu",
    "Momentum-GD", "SpaRSA", "PGD", "Hessian-LISTA", "Lasso",
    "Chambolle-Pock-split", "Linear-ADMM", "APGD", "D-LADMM", "LPGD-LISTA",
    "Batch-FISTA", "LPGD-Taut", "ALISTA", "LARS", "Active-set",
    "ADMM-Adam", "HyperLISTA", "L-BFGS", "Momentum-ALISTA", "NPGD", "TV",
    "Feed-forward", "Fenchel-Young", "GAN", "IRGN-TV", "IRGN-Tikhonov",
    "Implicit", "LPD", "LPGD", "Landweber", "Levenberg-Marquardt", "Momentum",
    "Random-smoothing", "Ridge", "SGD", "SPO-plus", "Split-GAN", "Unrolled",
    "Tuned-ADMM", "Gaussian-prior", "Tuned-PGD",
)
"""Classes whose looks never change, in an order that was searched such that
those that a configuration draws together seldom share a colour. A new class
takes the next look, and keeps it once its name is added at the end."""


def solver_classes(suite):
    """List the classes of solvers of a suite, in an order that says the look.

    Parameters
    ----------
    suite : Path, the folder with the benchmarks

    Returns
    -------
    list of str, FIRST and what else the files call themselves, sorted
    """
    found = set()
    for file in suite.glob("benchmark_*/solvers/*.py"):
        if file.name.startswith("template_"):
            continue
        found |= set(re.findall(r"""^    name = ["'](.+)["']""",
                                file.read_text("utf-8"), re.MULTILINE))
    return [*FIRST, *sorted(found - set(FIRST))]


class Styles:
    """The looks of the solvers of a run.

    Parameters
    ----------
    names : list of str, the solvers of the run, with all parameters
    trained : set of str, those that were trained or tuned
    classes : list of str, see `solver_classes`
    """

    def __init__(self, names, trained, classes):
        self.solvers = {name: split(name) for name in sorted(set(names))}
        self.trained = trained
        own = sorted({first for first, _ in self.solvers.values()})
        self.places = {name: n for n, name in enumerate(
            dict.fromkeys([*classes, *own]))}

    def named(self, label):
        """Find the solvers that a label may mean.

        Parameters
        ----------
        label : str, a class, with some of its parameters

        Returns
        -------
        list of str, sorted
        """
        first, wanted = split(label)
        return [name for name, (own, parts) in self.solvers.items()
                if own == first and set(wanted) <= set(parts)]

    def of(self, label):
        """Return the look of a label.

        Parameters
        ----------
        label : str, see `named`

        Returns
        -------
        dict of color, marker and dash, or None if no solver is meant.
        """
        meant = self.named(label)
        if not meant:
            return None
        first, _ = self.solvers[meant[0]]
        alike = [n for n, (own, _) in self.solvers.items() if own == first]
        color, marker = look(self.places[first])
        variant = alike.index(meant[0])
        return {
            "color": lighter(color, 0.65 * variant / len(alike)),
            "marker": marker + OPEN * (variant % 2),
            "dash": "dash" if meant[0] in self.trained else "solid",
        }


def look(place):
    """Return the colour and the marker at a place of the order.

    Two of the first 120 places differ in one of them.
    """
    shapes = list(SHAPES)
    colour = COLOURS[place % len(COLOURS)]
    return colour, shapes[(place + place // len(COLOURS)) % len(shapes)]


def ink(number):
    """Return the look of the n-th label of a plot that is no solver."""
    return {"color": INKS[number % len(INKS)],
            "marker": list(SHAPES)[number % len(SHAPES)], "dash": "dot"}


def lighter(colour, share):
    """Mix a colour, "#rrggbb", with a share of white."""
    mixed = [round(int(colour[n:n + 2], 16) * (1 - share) + 255 * share)
             for n in (1, 3, 5)]
    return "#{:02X}{:02X}{:02X}".format(*mixed)
