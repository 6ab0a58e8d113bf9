"""`campaign normalise`: a line in, a line out, for pipes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from campaign.brief import DEFAULT_PRESET
from campaign.cli import exits
from campaign.cli.shared import LanguageTag, opened
from campaign.cli.terminal import tell, tell_data

if TYPE_CHECKING:
    from campaign.speech.abilities import Abilities
    from campaign.speech.front_end import Composition
    from campaign.speech.lexicon.matching import LabelledRules
    from storage.installation import Installation


@click.command("normalise")
@click.option("--lang", required=True, type=LanguageTag(), help="Language of the lines: en, de-AT.")
@click.option(
    "--also",
    multiple=True,
    type=LanguageTag(),
    help="Another language that words may be in; may be repeated.",
)
@click.option("--engine", help="A pin or a channel: pronunciations that it cannot say are errors.")
@click.option("--preset", default=DEFAULT_PRESET, show_default=True, help="The voice, with --engine.")
@click.option(
    "--lexicon",
    "lexicons",
    multiple=True,
    help="name@version, name, or a .tsv or .pls file; may be repeated.",
)
@click.option("--explain", is_flag=True, help="Below each line: its spans, with reasons.")
def normalise_command(
    lang: str,
    also: tuple[str, ...],
    engine: str | None,
    preset: str,
    lexicons: tuple[str, ...],
    explain: bool,
) -> None:
    """Spoken text of each line of stdin, as a campaign would speak it.

    A line that cannot be spoken leaves an empty line, and its reason with the line's number on stderr; the exit code
    is then 6.
    """
    from campaign.errors import RowError
    from campaign.speech.columns import ColumnSpec
    from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
    from campaign.speech.lexicon.matching import CampaignLexicon
    from campaign.speech.lexicon.samples import shown

    with opened() as installation:
        rules, abilities = _prepared(installation, lexicons, engine, preset, (lang, *also))
        cache = installation.settings.home / "grammars"
    template = TemplateSource(name="stdin", text="{{ line }}", language=lang.partition("-")[0])
    front_end = FrontEnd(
        FrontEndConfig(
            templates={"default": template},
            columns={"line": ColumnSpec(nothing=())},
            languages=tuple(language.partition("-")[0] for language in (lang, *also)),
            lexicon=CampaignLexicon(rules, abilities) if rules else None,
            abilities=abilities,
            grammar_cache_dir=cache,
        )
    )
    bad = False
    for number, line in _lines():
        if not line.strip():
            tell("")
            continue
        try:
            composition = front_end.compose(locale=lang, fields={"line": line})
        except RowError as error:
            bad = True
            tell("")
            tell(f"line {number}: {error.code}: {error.reason}; {error.mend}", err=True)
            continue
        tell_data(shown(composition))
        if explain:
            _explain(composition)
    if bad:
        raise click.exceptions.Exit(exits.ROW_ERRORS)


def _lines() -> Iterator[tuple[int, str]]:
    """Numbered lines of stdin; bytes that are not UTF-8 become characters that no voice can say."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        yield number, line.rstrip(b"\r\n").decode("utf-8", "surrogateescape")


def _prepared(
    installation: Installation,
    lexicons: tuple[str, ...],
    engine: str | None,
    preset: str,
    languages: tuple[str, ...],
) -> tuple[list[LabelledRules], Abilities]:
    """The lexicons' rules, and what the engine can say of them; the database is opened only for what is in it."""
    from campaign.registry.lexicons import read_labelled
    from campaign.speech.abilities import Abilities
    from campaign.speech.lexicon.entries import ALPHABETS

    rules = [read_labelled(installation, name) for name in lexicons]
    if engine is None:
        return rules, Abilities(alphabets=frozenset(ALPHABETS))
    from campaign.brief import Brief
    from campaign.registry.lexicons import abilities_of
    from campaign.registry.voice import choose_voice

    primaries = tuple(language.partition("-")[0] for language in languages)
    with installation.database.read() as connection:
        chosen = choose_voice(connection, Brief(preset=preset, model=engine, languages=primaries))
    return rules, abilities_of(chosen)


def span_line(span: dict[str, Any]) -> str | None:
    """A span of a trace as a person reads it; None where nothing is said or written."""
    written, spoken = span["written"].strip(), span["spoken"].strip()
    if not written and not spoken:
        return None
    arrow = "" if written == spoken else f" -> {spoken}"
    sounds = "".join(f" {{{alphabet} {value}}}" for alphabet, value in span.get("phonemes", ()))
    why = ", ".join(part for part in (span["reason"], span.get("step"), span.get("column")) if part)
    edges = span.get("edges")
    owned = f"; {span['reading']} between {edges['left']} and {edges['right']}" if edges else ""
    return f"  [{span['language']}] {written}{arrow}{sounds}  ({span['kind']}; {why}{owned})"


def _explain(composition: Composition) -> None:
    trace: Any = composition.trace.as_json()
    for sentence in trace["sentences"]:
        for span in sentence["spans"]:
            if (line := span_line(span)) is not None:
                tell(line)
