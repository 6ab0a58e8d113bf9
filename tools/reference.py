"""The command reference, made from the commands' own help: `python -m tools.reference > docs/cli.md`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from campaign.cli import COMMANDS, cli
from campaign.cli.exits import EXIT_TABLE
from storage.settings import Settings

WIDTH = 100


def reference() -> str:
    """Every command's help, every exit code, every setting, as Markdown."""
    parts = ["# Commands\n", "Made from `--help` by `make docs`; do not edit.\n"]
    root = click.Context(cli, info_name="campaign", terminal_width=WIDTH, max_content_width=WIDTH)
    for name in COMMANDS:
        command = cli.get_command(root, name)
        if command is not None:
            parts.extend(_help(command, name, root))
    parts.append("# Exit codes\n\n| code | meaning |\n| --- | --- |")
    parts.extend(f"| {code} | {meaning} |" for code, meaning in EXIT_TABLE.items())
    parts.append("\n# Settings\n")
    parts.append(
        "Each is a variable `CAMPAIGN_<NAME>`, a file that `CAMPAIGN_<NAME>_FILE` names, or a key of `settings.toml`.\n"
    )
    parts.append("| setting | default |\n| --- | --- |")
    parts.extend(f"| `{name}` | {_default(name)} |" for name in Settings.model_fields)
    return "\n".join(parts) + "\n"


def _default(name: str) -> str:
    field = Settings.model_fields[name]
    if name == "home":
        return "`$XDG_DATA_HOME/campaign`"
    value = field.get_default(call_default_factory=True)
    return "empty" if not str(value).strip("*{}") else f"`{value}`"


def _help(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH
    )
    yield f"## {context.command_path}\n"
    yield f"```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            child = command.get_command(context, below)
            if child is not None:
                yield from _help(child, below, context)


if __name__ == "__main__":
    click.echo(reference(), nl=False)
