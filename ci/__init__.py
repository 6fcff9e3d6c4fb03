"""What is done around benchmarks: reports, claims, tests.

Each command, `python -m ci <command>`, is a room of this package. A command
reads the files that benchopt writes, or starts processes; none of them imports
a solver.
"""


class UserError(Exception):
    """What the caller can put right; shown as one line, without traceback."""
