"""What the suite does with result files: `python -m ci <command>`.

It reads the files that benchopt writes and imports no solver.
"""


class UserError(Exception):
    """What the caller can put right; shown as one line, without traceback."""
