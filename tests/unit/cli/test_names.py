"""Ids are never paths at the command line: every option and argument that takes one refuses what could be one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from campaign.cli import cli
from campaign.cli.shared import NameType
from storage.names import CampaignId
from tests import build
from tests.commands import run

ATTACKS = ("../x", "/abs/x", "..", ".", "Autumn 2026", "a/b", "x\n", "a\x1b[2Jb", "", "a" * 101)
NOT_CAMPAIGNS = {"gate", "pin", "channel", "lexicon", "key", "preset"}


def commands(
    group: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    if not isinstance(group, click.Group):
        yield path, group
        return
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield from commands(found, (*path, name))


def named() -> list[tuple[tuple[str, ...], click.Parameter, click.Command]]:
    """Every parameter that takes a name, with its command."""
    return [
        (path, parameter, command)
        for path, command in commands(cli)
        for parameter in command.params
        if isinstance(parameter.type, NameType)
    ]


def good(parameter: click.Parameter) -> str:
    """What a parameter takes."""
    if isinstance(parameter.type, click.Choice):
        return str(parameter.type.choices[0])
    return "1" if isinstance(parameter.type, type(click.INT) | click.IntRange) else "x"


def call(path: tuple[str, ...], command: click.Command, attacked: click.Parameter, text: str) -> list[str]:
    """The command line with what is needed, and the attack in its place."""
    options = [attacked.opts[-1], text] if isinstance(attacked, click.Option) else []
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.required and parameter is not attacked:
            options += [parameter.opts[-1], good(parameter)]
    arguments = [
        text if parameter is attacked else good(parameter)
        for parameter in command.params
        if isinstance(parameter, click.Argument)
    ]
    return [*path, *options, "--", *arguments]


def test_every_parameter_that_is_a_campaign_s_id_is_of_its_type() -> None:
    loose = [
        (path, parameter.name)
        for path, command in commands(cli)
        for parameter in command.params
        if parameter.name in ("campaign_id", "campaign_ids", "gate_id", "channel")
        and not isinstance(parameter.type, NameType)
    ]
    assert loose == []
    assert len(named()) > 30


@pytest.mark.parametrize(("path", "parameter", "command"), named(), ids=str)
def test_what_could_leave_its_place_is_a_fault_of_the_command_line(
    path: tuple[str, ...], parameter: click.Parameter, command: click.Command, tmp_path: Path
) -> None:
    home = tmp_path / "deep" / "home"
    for text in ATTACKS:
        if isinstance(parameter, click.Option) and text == "":
            continue  # says nothing
        done = run(*call(path, command, parameter, text), environment={"CAMPAIGN_HOME": str(home)})
        assert done.code == 2, (path, text, done.err)
        assert "becomes part of paths and object names. Use " in " ".join(done.err.split()), done.err
        assert "\x1b" not in done.err
    assert not home.exists()
    assert [one.name for one in tmp_path.rglob("*")] in ([], ["deep"])


def test_an_id_that_people_would_write_is_answered_with_one_that_works(tmp_path: Path) -> None:
    home = tmp_path / "home"
    build.installation(home).close()
    environment = {"CAMPAIGN_HOME": str(home), "CAMPAIGN_SECRET": "5e" * 32, "CAMPAIGN_TEXT_PROCESSES": "1"}
    (tmp_path / "people.csv").write_text("id,locale,name\n1,en,Ana\n")
    (tmp_path / "campaign.toml").write_text(
        'model = "tone"\n[templates]\nen = { text = "Hello {{ name }}." }\n[columns]\nname = "name"\n'
    )
    refused = run("submit", tmp_path / "people.csv", "--id", "Autumn 2026", environment=environment)
    assert (refused.code, "for example Autumn-2026" in refused.err) == (2, True)
    assert run("submit", tmp_path / "people.csv", "--id", "Autumn-2026", environment=environment).code == 0
    longest = "a" * 100
    for options in ((), ("--new",), ("--new",)):
        done = run("submit", tmp_path / "people.csv", "--id", longest, *options, environment=environment)
        assert done.code == 0, done.err
    ids = {one["id"] for one in run("list", "--json", environment=environment).json}
    assert {longest, "a" * 98 + "-2", "a" * 98 + "-3"} <= ids
    longer = run("submit", tmp_path / "people.csv", "--id", "a" * 101, environment=environment)
    assert (longer.code, "..., of 101 characters, is no campaign id" in longer.err) == (2, True)
    assert CampaignId("Autumn-2026") in [
        one["id"] for one in run("list", "--json", environment=environment).json
    ]


def test_an_erasure_of_a_path_leaves_the_home_as_it_was(tmp_path: Path) -> None:
    home = tmp_path / "home"
    build.installation(home).close()
    (home / "results" / "mine").mkdir(parents=True)
    before = sorted(path for path in tmp_path.rglob("*"))
    for text in ATTACKS[:4]:
        done = run("erase", "--yes", "--campaign", text, environment={"CAMPAIGN_HOME": str(home)})
        assert done.code == 2
    assert sorted(path for path in tmp_path.rglob("*")) == before
