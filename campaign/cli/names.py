"""`campaign names`: name-like values, the riskiest first."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.cli.outputs import OutputFile, OutputFolder
from campaign.cli.progress import WorkProgress
from campaign.cli.recipients import ReadAs, opened_file, reading_options
from campaign.cli.shared import actor, json_option, opened, print_json, read_settings
from campaign.cli.submit import beside
from campaign.cli.terminal import tell
from campaign.results.folder import make_folder, write_whole

if TYPE_CHECKING:
    from campaign.brief import LoadedBrief
    from campaign.preview.names import RankedName
    from storage.installation import Installation


@click.command("names")
@click.argument("recipients")
@click.option("--brief", type=click.Path(path_type=Path), help="By default campaign.toml beside the file.")
@click.option("--template", type=click.Path(path_type=Path), help="Without a brief: one template for all.")
@click.option(
    "--column", "columns", multiple=True, help="In place of the columns that the brief declares as names."
)
@click.option(
    "--top", default=25, show_default=True, type=click.IntRange(min=0), help="Names to show; 0 for all."
)
@click.option(
    "--say",
    "say_count",
    default=0,
    type=click.IntRange(min=0),
    help="How many names to speak, from the first.",
)
@click.option(
    "--out",
    type=OutputFolder(),
    default=Path("names"),
    show_default=True,
    help="Where --say puts its files.",
)
@click.option(
    "--tsv",
    type=OutputFile(),
    help="A lexicon to be filled in, begun or added to.",
)
@reading_options
@json_option
def names_command(
    recipients: str,
    brief: Path | None,
    template: Path | None,
    columns: tuple[str, ...],
    top: int,
    say_count: int,
    out: Path,
    tsv: Path | None,
    encoding: str,
    delimiter: str,
    sheet: str | None,
    as_json: bool,
) -> None:
    """Distinct names of RECIPIENTS, ranked by the risk of being said wrongly, with reasons.

    Fix a name once, for all rows: a line in a lexicon that the brief names.
    """
    from campaign.brief import Overrides, load_brief
    from campaign.preview.names import lexicon_lines, name_columns, names_in, rank_names
    from campaign.submission.prepare import prepare_brief

    read_as = ReadAs(encoding=encoding, delimiter=delimiter, sheet=sheet)
    loaded = load_brief(
        brief or beside(recipients), Overrides(template=template), defaults=read_settings().defaults
    )
    chosen = name_columns(loaded.brief.column_specs(), columns)
    with opened() as installation:
        prepared = prepare_brief(installation, loaded, allow_slow=True)
        with opened_file(recipients, read_as) as source:
            values = names_in(source, loaded, chosen)
            ranked = rank_names(values, prepared.front_end)
        shown = ranked if top == 0 else ranked[:top]
        heard = (
            _say(installation, prepared.loaded, ranked, say_count, out, quiet=as_json) if say_count else {}
        )
    risky = [name for name in ranked if name.risk]
    if tsv is not None:
        lines, added = lexicon_lines(risky if top == 0 else risky[:top], tsv)
        write_whole(tsv, lines)
    if as_json:
        files = [heard.get(index) for index in range(len(ranked))]
        print_json(
            [
                asdict(name) | {"file": file}
                for name, file in list(zip(ranked, files, strict=True))[: top or None]
            ]
        )
        return
    for index, name in enumerate(shown):
        _show(name, heard.get(index))
    tell(f"{len(ranked):,} distinct names, {len(risky):,} with a reason to listen")
    if tsv is not None:
        tell(f"{tsv}: {added:,} lines to be filled in were added; a line without its words is no rule yet")
    if risky:
        tell(
            'To fix one: a line `written<TAB>alias` in a lexicon, lexicons = ["names.tsv"] in the brief; '
            "--tsv names.tsv writes the lines."
        )


def _show(name: RankedName, file: str | None) -> None:
    tell(f"{name.risk:>4}  {name.value}", bold=True, nl=False)
    rows = f"{name.rows:,} rows" if name.rows > 1 else f"row {name.first_row}"
    tell(f"  ({name.locale}, {rows})" + (f"  {file}" if file else ""))
    for reason in name.reasons:
        tell(f"        {reason.code}: {reason.detail}")


def _say(
    installation: Installation,
    loaded: LoadedBrief,
    names: list[RankedName],
    count: int,
    out: Path,
    *,
    quiet: bool,
) -> dict[int, str]:
    """Rank to file, of the first `count` that can be said. The files are numbered: no name stands in a file's name."""
    from campaign.preview.names import carrier
    from campaign.preview.one_off import say

    make_folder(out)
    files: dict[int, str] = {}
    lexicons = {label: loaded.lexicons.get(label) for label in loaded.brief.lexicons}
    with WorkProgress(quiet=quiet) as progress:
        for index, name in enumerate(names):
            if len(files) == count:
                break
            if not name.language:
                continue
            sound = say(
                installation,
                name.value,
                preset=loaded.brief.preset,
                model=loaded.brief.model,
                language=name.language,
                languages=loaded.brief.languages,
                finish={"codec": "wav"},
                actor=actor(),
                watch=progress.show,
                carrier=carrier(name.language),
                kind="name",
                lexicons=lexicons,
            )
            path = out / f"name-{index + 1:03}.wav"
            write_whole(path, sound.audio or b"")
            files[index] = str(path)
    return files
