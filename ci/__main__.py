"""The command line. A command is a module with a docstring, whose first line
is its help, and two functions, `add_arguments(parser)` and `run(args)`."""

import argparse
import sys

import ci
from ci import UserError
from ci.claims import command as claims
from ci.report import command as report

COMMANDS = {"report": report, "claims": claims}


def main(argv=None):
    """Run one command.

    Parameters
    ----------
    argv : list of str, default the command line's

    Returns
    -------
    int or str, what `sys.exit` takes: 0, or the message of a UserError.
    """
    parser = argparse.ArgumentParser("python -m ci", description=ci.__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, module in COMMANDS.items():
        summary = module.__doc__.splitlines()[0]
        command = commands.add_parser(
            name, help=summary, description=summary
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    args = parser.parse_args(argv)
    try:
        args.run(args)
    except UserError as error:
        return f"error: {error}"
    return 0


if __name__ == "__main__":
    sys.exit(main())
