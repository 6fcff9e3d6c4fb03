"""Names of the same thing in two commits: with a parameter more or less.

benchopt's names list all parameters, as in FISTA[backend=numpy,restart=True].
A commit that adds a parameter renames every instance of the class; what was
compared before shall be compared still.
"""

from ci.names import split


def parts(name):
    """Split a name: the class and the set of its "parameter=value"."""
    first, found = split(name)
    return first, frozenset(found)


def renamed(base, head):
    """Match names that only one of two commits has.

    Two names match if they have the same class, and all the parameters of one
    of them are those of the other; only if neither matches another name.

    Parameters
    ----------
    base, head : set of str

    Returns
    -------
    dict of base's names to head's
    """
    gone, new = sorted(base - head), sorted(head - base)
    pairs = [(b, h) for b in gone for h in new if alike(parts(b), parts(h))]
    olds, news = ([pair[n] for pair in pairs] for n in range(2))
    return {b: h for b, h in pairs
            if olds.count(b) == 1 and news.count(h) == 1}


def alike(one, other):
    """Whether two split names are those of the same thing."""
    return one[0] == other[0] and (one[1] <= other[1] or other[1] <= one[1])


def with_names_of_head(table):
    """Give base's rows the names that head has for the same things.

    Parameters
    ----------
    table : DataFrame, see `ci.tracking.decisions.decide`

    Returns
    -------
    DataFrame, the same but for the names
    """
    table = table.reset_index(drop=True)
    for column in ("dataset", "objective", "solver"):
        for _, rows in table.groupby("benchmark"):
            is_base = rows["side"] == "base"
            names = renamed(set(rows[column][is_base]),
                            set(rows[column][~is_base]))
            old = rows[column][is_base]
            table.loc[old.index, column] = old.replace(names)
    return table
