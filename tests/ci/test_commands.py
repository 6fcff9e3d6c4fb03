"""The command line finds its commands; rooms keep to themselves."""
import ast
import sys
from pathlib import Path

import pytest

import ci
from ci.__main__ import load_commands, main

FOLDER = Path(ci.__file__).parent


def test_every_command_says_what_it_does(capsys):
    commands = load_commands()
    assert {"claims", "compare", "history", "report", "run", "site",
            "suites"} <= set(commands)
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    printed = " ".join(capsys.readouterr().out.split())
    for name, module in commands.items():
        assert f"{name} {module.__doc__.splitlines()[0]}" in printed


def test_a_new_room_is_a_command(tmp_path, monkeypatch, capsys):
    """A room is a command if it has a module of that name, else not."""
    for room, module in (("greet", "command"), ("paint", "colours")):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
        (tmp_path / room / f"{module}.py").write_text(
            '"""Greet somebody."""\n'
            "from ci import UserError\n"
            "def add_arguments(parser):\n"
            "    parser.add_argument('name')\n"
            "def run(args):\n"
            "    if not args.name:\n"
            "        raise UserError('expected a name')\n"
            "    print('hello', args.name)\n")
    monkeypatch.setattr(ci, "__path__", [str(tmp_path)])
    try:
        assert list(load_commands()) == ["greet"]
        assert main(["greet", "you"]) == 0
        assert capsys.readouterr().out == "hello you\n"
        assert main(["greet", ""]) == "error: expected a name"
    finally:
        for name in [m for m in sys.modules if m.startswith("ci.greet")]:
            del sys.modules[name]


def imported(file):
    """The modules that a file imports, by their full names."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, file
            yield node.module


SHARED = ("ci.calls", "ci.files", "ci.curves", "ci.names", "ci.printed",
          "ci.threads")
JOINED = {"site": ("ci.claims.", "ci.tracking.")}
"""The room whose pages show what other rooms keep, and these rooms."""


def test_rooms_import_only_what_is_shared():
    """A room imports itself, html, ranking and the files above, and no
    solver; the site imports whose records it shows."""
    files = sorted(FOLDER.rglob("*.py"))
    assert files
    for file in files:
        room = file.relative_to(FOLDER).parts[0]
        for name in imported(file):
            assert name.split(".")[0] != "unrolling", file
            if name.startswith("ci.") and file.parent != FOLDER:
                assert name in SHARED or name.startswith((
                    f"ci.{room}.", "ci.html.", "ci.ranking.",
                    *JOINED.get(room, ()))), (file, name)
