"""The header stage: the one look at a file's columns against everything that needs them, before row 1.

Whatever is wrong is told together, one line a fault. Names are compared as people write them (`First Name` serves
`{{ first_name }}`); what could serve in two ways is an error that names both, what serves nobody is left out and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaign.brief import Brief, LoadedBrief, UnmatchedLists
from campaign.errors import FieldError, HeaderError
from campaign.recipients import Recipients
from campaign.recipients.header import folded
from campaign.recipients.rows import RecipientRow, clean_id, is_rounded
from campaign.registry.voice import OWN
from campaign.speech.columns import ColumnSpec
from campaign.speech.templates import Template
from campaign.submission.header_look import Look
from campaign.submission.opt_outs import sampled_ids
from campaign.submission.row_voice import voice_of
from campaign.submission.suspicions import first_problem, suspicion
from workers.languages import meant_tag, primary
from workers.printable import printable

SAMPLED_ROWS = 20
"""Of a file, when a header is looked for below the first row, or languages in a column."""
FEWEST_RAGGED = 3
"""Rows that show that all are."""
SHOWN_COLUMNS = 8
ID_NAMES = (
    "id", "recipient_id", "external_id", "customer_id", "contact_id", "subscriber_id", "member_id", "user_id",
    "patient_id", "client_id", "account_id", "account", "account_number", "customer_number", "kundennummer",
    "reference", "uuid", "e_mail", "email", "email_address", "phone", "phone_number", "mobile",
)  # fmt: skip
"""What the column that says who a row is is often called, the likeliest first; folded as names are."""
LOCALE_NAMES = (
    "locale", "language", "lang", "language_code", "preferred_language", "sprache", "idioma", "langue", "lingua",
)  # fmt: skip
_KINDS_OF_ID = (
    ("e-mail addresses", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
    ("UUIDs", re.compile(r"\{?[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}\}?")),
)
"""What an id cannot be and something else as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFit:
    """Which columns of a file serve what is needed of a row."""

    sources: Mapping[str, str] | None
    """What a template or the brief calls it, to the file's own name; None where rows come as they are needed."""
    notes: tuple[str, ...] = ()
    """What is passed over, a sentence each."""
    left_out: tuple[str, ...] = ()
    """Columns that nothing needs."""
    numbers: Mapping[str, str] | None = None
    """How columns write their numbers, by what the brief calls them; None where the file is still to show it."""

    def fields(self, row: RecipientRow) -> dict[str, str]:
        """What is kept of a row: the needed fields, without the blanks around them."""
        if self.sources is None:
            return dict(row.fields)
        have = row.fields
        try:
            return {name: have[source].strip() for name, source in self.sources.items()}
        except KeyError:  # JSON, or a row that nobody can read
            return {name: have[source].strip() for name, source in self.sources.items() if source in have}

    def lacking(self, row: RecipientRow) -> list[str]:
        """Needed columns for which the row has no cell."""
        if not row.lacks or self.sources is None:
            return []
        return [name for name, source in self.sources.items() if source in row.lacks]


AS_THEY_ARE = ColumnFit(sources=None, numbers={})
"""For rows that were made here, for this brief."""


def fit_columns(loaded: LoadedBrief, source: Recipients, *, also: Sequence[str] = ()) -> ColumnFit:
    """Hold a file's columns against a brief; raises `HeaderError` with every fault, before row 1 is composed.

    `also` are columns that a command names beside the brief.
    """
    brief = loaded.brief
    if source.is_json and not source.header.names:
        raise HeaderError(f"{source.label}: there is no recipient in it.{first_problem(source)}")
    look = Look(source.header)
    specs = brief.column_specs()
    said = _said(brief)
    _find_id(look, loaded, source)
    _find_locale(look, loaded, source)
    _find_voice(look, loaded, source)
    for name, places in said.items():
        _find_variable(look, name, places, specs.get(name, _PLAIN))
    for name, spec in specs.items():
        if name not in said:
            _find_declared(look, name, spec)
        for other in spec.needs:
            _find_named(look, other, f"columns.{name}")
    for name in also:
        _find_named(look, name, "--column")
    for name in HANDED_OVER:
        if name not in look.sources and (column := look.find(name)) is not None:
            look.sources[name] = column
    if look.faults:
        raise HeaderError(*_told(source, look))
    _refuse_ragged(source)
    used = set(look.sources.values())
    left_out = tuple(name for name in look.header.names if name not in used)
    return ColumnFit(sources=look.sources, notes=tuple(look.notes), left_out=left_out)


HANDED_OVER = ("not_before", "not_after", "timezone")
"""Columns for whoever sends the files: taken where they are."""
_PLAIN = ColumnSpec()


def _said(brief: Brief) -> dict[str, list[str]]:
    """Each variable of the templates, with the templates that say it."""
    said: dict[str, list[str]] = {}
    for source in brief.templates.values():
        for name in Template(source).variables:
            places = said.setdefault(name, [])
            if source.name not in places:
                places.append(source.name)
    return said


def _find_id(look: Look, loaded: LoadedBrief, source: Recipients) -> None:
    brief = loaded.brief
    if (column := look.find(brief.id_column)) is not None:
        look.sources[brief.id_column] = column
        _refuse_rounded(look, column, source)
        _refuse_lists_of_other_ids(look, column, loaded, source)
        return
    if look.is_told(brief.id_column):
        return
    usual = [name for known in ID_NAMES for name in look.header.names if folded(name) == folded(known)]
    if usual:
        maybe = (
            f" If {printable(usual[0])!r} does, say --id-column {_shell(usual[0])} (id_column in the brief)."
        )
    else:
        maybe = " Say which does with --id-column (id_column in the brief), or add one." + look.near(
            brief.id_column
        )
    look.faults.append(f"no column {brief.id_column!r} says who a row is.{maybe}")


def _refuse_rounded(look: Look, column: str, source: Recipients) -> None:
    for row in source.sample(SAMPLED_ROWS):
        if is_rounded(written := clean_id(row.fields.get(column, ""))):
            look.faults.append(
                f"row {row.number}, column {printable(column)!r}: {written} is a number that a spreadsheet rounded: "
                "several people may have it. Make the column text there, enter the ids again and export."
            )
            return


def _refuse_lists_of_other_ids(look: Look, column: str, loaded: LoadedBrief, source: Recipients) -> None:
    """A list of addresses stops nobody in a file of numbers: known from a few of both, before every row is held up."""
    if loaded.unmatched_lists == UnmatchedLists.ALLOW:
        return
    ours = [clean_id(row.fields.get(column, "")) for row in source.sample(SAMPLED_ROWS)]
    for path in loaded.suppress:
        theirs = sampled_ids(path, loaded.brief.id_column, source.encoding, SAMPLED_ROWS)
        for kind, pattern in _KINDS_OF_ID:
            in_list, in_file = (
                [bool(pattern.fullmatch(one)) for one in ids if one] for ids in (theirs, ours)
            )
            if in_list and in_file and all(in_list) != all(in_file) and any(in_list) != any(in_file):
                holds = (kind, "others") if all(in_list) else ("other ids", kind)
                look.faults.append(
                    f"the opt-out list {printable(path.name)} holds {holds[0]}, and the column {printable(column)!r} "
                    f"{holds[1]}, so it stops nobody. Give a list of these ids, or say --unmatched-lists allow "
                    "(unmatched_lists in a brief)."
                )
                break


def _find_locale(look: Look, loaded: LoadedBrief, source: Recipients) -> None:
    brief = loaded.brief
    if not brief.locale_column:
        return
    if (column := look.find(brief.locale_column)) is not None:
        look.sources[brief.locale_column] = column
        return
    if look.is_told(brief.locale_column):
        return
    usual = [
        name
        for name in look.header.names
        if folded(name) in {folded(known) for known in LOCALE_NAMES}
        and name not in look.sources.values()
        and _holds_languages(source, name)
    ]
    languages = {primary(language) for language in brief.languages}
    languages |= {primary(locale) for locale in brief.templates if locale != "default"}
    if loaded.declares("locale_column"):
        maybe = f" Is it {printable(usual[0])!r}?" if usual else look.near(brief.locale_column)
        look.faults.append(
            f"no column {brief.locale_column!r}, which locale_column names.{maybe} Correct locale_column in the "
            "brief, or remove it for rows that are all of one language."
        )
    elif usual and len(languages) > 1:
        look.faults.append(
            f"no column {brief.locale_column!r} says which language a row is in, and {printable(usual[0])!r} seems to."
            f" Say --locale-column {_shell(usual[0])} (locale_column in the brief), or --locale-column '' where all "
            f"are in {brief.languages[0]!r}."
        )
    elif usual:
        look.notes.append(
            f"{printable(usual[0])!r} holds languages and is not asked: every row is spoken in {brief.languages[0]!r}. "
            f"--locale-column {_shell(usual[0])} asks it."
        )
    elif len(languages) > 1:
        look.notes.append(
            f"there is no column {brief.locale_column!r}: every row is spoken in {brief.languages[0]!r}."
        )


def _find_voice(look: Look, loaded: LoadedBrief, source: Recipients) -> None:
    """The column that says who speaks a row, where the brief lets rows say so."""
    brief = loaded.brief
    if not brief.presets or brief.speaks_by_language:
        return
    wanted = brief.column_specs().get(brief.preset_column, _PLAIN).source or brief.preset_column
    if (column := look.find(wanted)) is not None:
        look.sources[brief.preset_column] = column
    elif not look.is_told(wanted):
        usual = next((name for name in look.header.names if _says_voices(source, name, brief)), None)
        maybe = (
            f" If {printable(usual)!r} does, write preset_column = {printable(usual)!r} in the brief."
            if usual
            else f"{look.near(wanted)} Say which does with preset_column in the brief, or leave presets out."
        )
        look.faults.append(f"no column {wanted!r} says which of the brief's presets speaks a row.{maybe}")


def _says_voices(source: Recipients, name: str, brief: Brief) -> bool:
    """Whether a column seems to say who speaks: most of what stands in it is one of the presets."""
    values = [value for row in source.sample(SAMPLED_ROWS) if (value := row.fields.get(name, "").strip())]
    return 2 * sum(_is_voice(value, brief) for value in values) > len(values)


def _is_voice(value: str, brief: Brief) -> bool:
    try:
        return voice_of({brief.preset_column: value}, brief) != OWN
    except FieldError:
        return False


def _find_variable(look: Look, name: str, places: Sequence[str], spec: ColumnSpec) -> None:
    wanted = spec.source or name
    said = f"says its fallback, {spec.fallback!r}" if spec.fallback else "leaves it out"
    needed_by = (
        f"columns.{name} says from = {wanted!r}"
        if spec.source
        else f"{', '.join(places)} says {{{{ {name} }}}}"
    )
    _find(
        look,
        name,
        spec,
        passed_over=f"there is no column {wanted!r}: every row {said}.",
        lacking=f": {needed_by}.",
        mend="Name it so in the file, correct the template, or say where it comes from: "
        f'{name} = {{ from = "..." }} in [columns].{_or_word(name)}',
    )


def _find_declared(look: Look, name: str, spec: ColumnSpec) -> None:
    _find(
        look,
        name,
        spec,
        passed_over=f"[columns] declares {spec.source or name!r}, which is not in the file and which no template says.",
        lacking=", which [columns] declares.",
        mend="Correct the name there, or remove the line.",
    )


def _find(look: Look, name: str, spec: ColumnSpec, *, passed_over: str, lacking: str, mend: str) -> None:
    """The column of a name, a note where it may be missing, or a fault."""
    wanted = spec.source or name
    if (column := look.find(wanted)) is not None:
        look.sources[name] = column
    elif not look.is_told(wanted):
        near = look.near(wanted)
        if spec.optional and not near:
            look.notes.append(passed_over)
        else:
            look.faults.append(f"no column {wanted!r}{lacking}{near} {mend}")


def _or_word(name: str) -> str:
    """The mend for a word that is compared with and lacks its marks."""
    return f' If the word itself is meant, write "{name}".' if name.lower() in _WORDS_COMPARED else ""


_WORDS_COMPARED = frozenset({"yes", "no", "y", "n", "ja", "nein", "si", "oui", "non", "on", "off", "null"})


def _find_named(look: Look, name: str, key: str) -> None:
    if name in look.sources:
        return
    if (column := look.find(name)) is not None:
        look.sources[name] = column
    elif not look.is_told(name):
        look.faults.append(f"no column {name!r}, which {key} names.{look.near(name)} Correct the name there.")


def _told(source: Recipients, look: Look) -> Iterator[str]:
    """The faults, each with its file; then what the columns are, and what may be wrong with all of them."""
    for fault in look.faults:
        yield f"{source.label}: {fault}"
    names = look.header.names
    shown = ", ".join(repr(printable(name)[:40]) for name in names[:SHOWN_COLUMNS])
    more = f" and {len(names) - SHOWN_COLUMNS:,} more" if len(names) > SHOWN_COLUMNS else ""
    has = "the first rows have the fields" if source.is_json else "the columns are"
    seen = f"{has} {shown}{more}." if names else "no column has a name of its own."
    yield f"{source.label}: {seen}{suspicion(source, look.faults, has_found=bool(look.sources))}"


def _refuse_ragged(source: Recipients) -> None:
    """Where every row has more cells than there are columns, the header or the separator is wrong, not each row."""
    rows = source.sample(SAMPLED_ROWS)
    if len(rows) < FEWEST_RAGGED or not all(
        row.problem is not None and row.problem.code == "wrong-columns" for row in rows
    ):
        return
    first = rows[0].problem
    assert first is not None
    raise HeaderError(
        f"{source.label}: every row has more cells than the header has columns; the first: {first.reason}. "
        "Name all columns in the header, or put quotation marks around the cells that hold the separator."
    )


def _holds_languages(source: Recipients, name: str) -> bool:
    values = [clean_id(row.fields.get(name, "")) for row in source.sample(SAMPLED_ROWS)]
    return any(values) and all(_is_tag(value) for value in values if value)


def _is_tag(value: str) -> bool:
    try:
        return len(primary(meant_tag(value))) in (2, 3)
    except ValueError:
        return False


def _shell(name: str) -> str:
    import shlex

    return shlex.quote(printable(name))
