"""`campaign lexicon`: pronunciation rules."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.outputs import OutputFile
from campaign.cli.shared import CAMPAIGN_ID, LEXICON_NAME, actor, json_option, opened, print_json
from campaign.cli.terminal import tell, tell_data
from campaign.operations.control import find_campaign
from storage.names import CampaignId, LexiconName

if TYPE_CHECKING:
    from campaign.speech.lexicon.entries import Entry, Rules
    from storage.registry.lexicons import LexiconVersion

SHOWN_CHANGES = 20


@click.group("lexicon")
def lexicon_command() -> None:
    """Pronunciation rules: versioned, tested by their own samples, fixed by a campaign.

    A LEXICON is name@version, name for the newest, or a file: .tsv, .csv or .txt, or .pls and .xml for W3C PLS 1.0.
    """


@lexicon_command.command("add")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", type=LEXICON_NAME, help="Its name; by default the file's.")
@json_option
def add_lexicon_command(file: Path, name: LexiconName | None, as_json: bool) -> None:
    """Register FILE as the next version of a lexicon, if the samples beside it pass."""
    from campaign.registry.lexicons import add_lexicon
    from campaign.speech.lexicon.files import read_lexicon

    read = read_lexicon(file)
    with opened() as installation:
        added, is_new = add_lexicon(installation.database, read, name=name, actor=actor())
    if as_json:
        print_json(_document(added) | {"new": is_new, "unfilled": read.rules.unfilled})
    else:
        tell(f"{added.label}  {added.entries} entries{'' if is_new else ', as it was'}")
        if read.rules.unfilled:
            tell(f"{read.rules.unfilled} lines say nothing yet: they are no rules")


@lexicon_command.command("list")
@json_option
def list_lexicons(as_json: bool) -> None:
    """Every version of every lexicon."""
    from storage.registry.lexicons import all_versions

    with opened() as installation, installation.database.read() as connection:
        versions = all_versions(connection)
    if as_json:
        print_json([_document(version) for version in versions])
        return
    for version in versions:
        scope = f"{version.scope} {version.preset}".strip()
        tell(
            f"{version.label:<24} {version.language or 'any':<6} {version.entries:>7} entries"
            f"  {scope:<12} {version.source}"
        )


@lexicon_command.command("show")
@click.argument("lexicon")
@json_option
def show_lexicon_command(lexicon: str, as_json: bool) -> None:
    """The rules of LEXICON."""
    rules, about = _rules(lexicon)
    if as_json:
        print_json(about | {"digest": rules.digest, "rules": [_entry(entry) for entry in rules.entries]})
        return
    from campaign.speech.lexicon.tsv import write_tsv

    for key, value in about.items():
        tell(f"# {key}: {value}")
    tell_data(write_tsv(rules), nl=False)


@lexicon_command.command("test")
@click.argument("lexicons", nargs=-1, required=True)
def test(lexicons: tuple[str, ...]) -> None:
    """Say the samples of LEXICONS and compare; a file's samples lie beside it, named .samples."""
    from campaign.registry.lexicons import check_samples, file_of, find_lexicon
    from campaign.speech.lexicon.files import ENDINGS, read_lexicon

    for lexicon in lexicons:
        if lexicon.lower().endswith(ENDINGS):
            file = read_lexicon(Path(lexicon))
        else:
            with opened() as installation, installation.database.read() as connection:
                file = file_of(connection, find_lexicon(connection, lexicon))
        tell(f"{lexicon}  {check_samples(file)} samples hold")


@lexicon_command.command("diff")
@click.argument("old")
@click.argument("new")
@json_option
def diff_lexicons_command(old: str, new: str, as_json: bool) -> None:
    """What is added, removed and changed from OLD to NEW."""
    from campaign.speech.lexicon.changes import changes

    changed = changes(_rules(old)[0], _rules(new)[0])
    if as_json:
        print_json([asdict(change) for change in changed])
        return
    for change in changed:
        if change.before:
            tell(f"- {change.before}", fg="red", is_table=True)
        if change.after:
            tell(f"+ {change.after}", fg="green", is_table=True)


@lexicon_command.command("export")
@click.argument("lexicon")
@click.option("--format", "kind", type=click.Choice(["tsv", "pls"]), default="tsv", show_default=True)
@click.option("-o", "--output", type=OutputFile(), help="By default stdout.")
def export(lexicon: str, kind: str, output: Path | None) -> None:
    """Write LEXICON as TSV or as W3C PLS 1.0."""
    from campaign.results.folder import write_whole
    from campaign.speech.lexicon.pls import write_pls
    from campaign.speech.lexicon.tsv import write_tsv

    rules, _ = _rules(lexicon)
    text = write_tsv(rules) if kind == "tsv" else write_pls(rules)
    if output is None:
        tell_data(text, nl=False)
    else:
        write_whole(output, text)


@lexicon_command.command("impact")
@click.argument("old")
@click.argument("new")
@click.option(
    "--campaign", "campaign_id", type=CAMPAIGN_ID, required=True, help="Whose recipients are compared."
)
@json_option
def lexicon_impact_command(old: str, new: str, campaign_id: CampaignId, as_json: bool) -> None:
    """Which recipients hear something else with NEW in place of OLD, and what re-making only those costs.

    OLD or NEW may be `none`. Nothing is made and nothing is changed.
    """
    from campaign.rerender.impact import impact

    with opened() as installation:
        effect = impact(installation, find_campaign(installation, campaign_id), old, new)
    if as_json:
        print_json(asdict(effect))
        return
    for row in effect.changed[:SHOWN_CHANGES]:
        tell(f"row {row.row} ({row.external_id})", fg="cyan")
        tell(f"  - {row.before}")
        tell(f"  + {row.after}")
    if len(effect.changed) > SHOWN_CHANGES:
        tell(f"... and {len(effect.changed) - SHOWN_CHANGES} more; --json has all")
    tell(
        f"{len(effect.changed):,} of {effect.rows:,} rows change: {effect.utterances_new:,} utterances to make "
        f"({effect.seconds_to_make:,.0f} s of sound), {effect.utterances_cached:,} already made"
    )
    if effect.expected_wall_s is not None:
        tell(
            f"engine time {effect.expected_wall_s:,.1f} s, cost {effect.expected_cost:.2f} {effect.currency}"
        )


def _rules(lexicon: str) -> tuple[Rules, dict[str, Any]]:
    """The rules of a label or a file, and what is known about them."""
    from campaign.registry.lexicons import find_lexicon, rules_of
    from campaign.speech.lexicon.files import ENDINGS, read_lexicon

    if lexicon.lower().endswith(ENDINGS):
        file = read_lexicon(Path(lexicon))
        return file.rules, {"lexicon": file.label}
    with opened() as installation, installation.database.read() as connection:
        version = find_lexicon(connection, lexicon)
        return rules_of(connection, version.label), {"lexicon": version.label, "source": version.source}


def _document(version: LexiconVersion) -> dict[str, Any]:
    return {
        "lexicon": version.label,
        "digest": version.digest,
        "scope": version.scope,
        "language": version.language or None,
        "preset": version.preset or None,
        "entries": version.entries,
        "source": version.source,
        "actor": version.actor,
        "t_created_ms": version.t_created_ms,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "written": entry.written,
        "alias": entry.alias,
        "phonemes": dict(entry.phonemes),
        "case": entry.case.value,
        "role": entry.role or None,
        "language": entry.language,
        "line": entry.line,
    }
