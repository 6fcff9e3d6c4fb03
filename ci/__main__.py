"""The command line: `python -m ci <command>`.

A command is a room of this package with a module `command`, and has the
room's name; or, where a room has several, a module in its folder `commands`,
and has the module's name. The module has

- a docstring, whose first line is the command's help;
- `add_arguments(parser)`, which declares its arguments;
- `run(args)`, which does the work, and raises UserError for what the caller
  can put right.
"""

import argparse
import pkgutil
import sys
from importlib import import_module
from importlib.util import find_spec

import ci
from ci import UserError


def load_commands():
    """Load every command: a dict from its name to its module, sorted."""
    found = {}
    for room in (m.name for m in pkgutil.iter_modules(ci.__path__)
                 if m.ispkg):
        if find_spec(f"ci.{room}.command"):
            found[room] = f"ci.{room}.command"
        if find_spec(f"ci.{room}.commands"):
            commands = import_module(f"ci.{room}.commands")
            found |= {m.name: f"{commands.__name__}.{m.name}"
                      for m in pkgutil.iter_modules(commands.__path__)}
    return {name: import_module(found[name]) for name in sorted(found)}


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
    for name, module in load_commands().items():
        summary = module.__doc__.splitlines()[0]
        command = commands.add_parser(
            name, help=summary, description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
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
