"""Data that two benchmarks read, and how a data set says that it has none."""


class MissingFile(RuntimeError):
    """A data file is neither in the folder nor to be had from a server."""


def refused(reason):
    """What `get_data` returns where the data cannot be had: the reason, a str.

    The objective skips the data set with this reason; the others still run.
    """
    return {"unavailable": reason}


def uncounted(**numbers):
    """`refused`, where one of these is no integer of 1 or more, else None."""
    for name, value in numbers.items():
        if not (isinstance(value, int) and value >= 1):
            return refused(
                f"{name} must be an integer >= 1, got {name}={value}")
    return None
