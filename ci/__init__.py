"""What is done around benchmarks: reports, claims, tests, regressions.

Each command, `python -m ci <command>`, is found in a room of this package. It
reads the files that benchopt writes, or starts processes; no command imports
a solver.
"""


class UserError(Exception):
    """What the caller can put right; shown as one line, without traceback."""
