"""Names of benchopt, a class with its parameters: `Name[a=1,b=2]`."""

import re
from collections import defaultdict


def class_of(name):
    """Return a name without its parameters."""
    return name.partition("[")[0]


def split(name):
    """Split a name.

    Parameters
    ----------
    name : str

    Returns
    -------
    str, the class; list of str, its "parameter=value", in order. Commas
    within the brackets of a value do not separate.
    """
    first, _, inside = name.partition("[")
    found = re.findall(r"(?:[^,(\[]|\([^)]*\)|\[[^\]]*\])+",
                       inside.removesuffix("]"))
    return first, [part.strip() for part in found]


def short_names(names):
    """Leave out the parameters in which the names of a class are alike.

    Parameters
    ----------
    names : iterable of str

    Returns
    -------
    dict, name -> short name; different names stay different, but a lone name
    of its class is the class
    """
    classes = defaultdict(dict)
    for name in names:
        first, parts = split(name)
        classes[first][name] = parts
    short = {}
    for first, own in classes.items():
        common = set.intersection(*map(set, own.values()))
        for name, parts in own.items():
            told = ", ".join(p for p in parts if p not in common)
            short[name] = f"{first}[{told}]" if told else first
    return short
