"""Data that two benchmarks read, and how a data set says that it has none."""


class MissingFile(RuntimeError):
    """A data file is neither in the folder nor to be had from a server."""


def refused(reason):
    """What `get_data` returns where the data cannot be had: the reason, a str.

    The objective skips the data set with this reason; the others still run.
    """
    return {"unavailable": reason}
