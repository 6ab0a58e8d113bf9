"""Every command is run by some test, as a person would: by its words."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import click

from campaign.cli import COMMANDS, cli
from tests import ROOT


def commands(
    command: click.Command, path: tuple[str, ...], context: click.Context
) -> Iterator[tuple[str, ...]]:
    """The words of every command that does something."""
    if not isinstance(command, click.Group):
        yield path
        return
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None, f"{' '.join(path)} lists {name} and has none"
        yield from commands(below, (*path, name), context)


def words_of_tests() -> Iterator[tuple[str | None, ...]]:
    """The constants of every call and list in the tests; None for what is no text."""
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call | ast.List | ast.Tuple):
                items = node.args if isinstance(node, ast.Call) else node.elts
                yield tuple(
                    item.value if isinstance(item, ast.Constant) and isinstance(item.value, str) else None
                    for item in items
                )


def test_every_command_is_run_by_a_test() -> None:
    rows = [row for row in words_of_tests() if row and any(row)]
    every = set(commands(cli, (), click.Context(cli)))
    every.remove(("evidence", *("write",)))  # `evidence ID` is short for it, and is run
    run = {
        path
        for path in every
        if any(path == row[at : at + len(path)] for row in rows for at in range(len(row) - len(path) + 1))
    }
    assert sorted(every - run) == []


def test_help_lists_every_command_with_what_it_does() -> None:
    context = click.Context(cli)
    assert set(cli.list_commands(context)) == set(COMMANDS)
    for name, says in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None and command.name == name
        assert says.endswith(".") and (command.help or "").strip(), name
