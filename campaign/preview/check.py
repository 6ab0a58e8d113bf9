"""A look at a file of recipients before anything is asked of it: its columns, what they hold, what fits and what not.

Nothing is composed and nothing is written; the whole file is read once. Examples are values of recipients: they go to
whoever gave the file and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import JsonValue

from campaign.brief import Brief, LoadedBrief
from campaign.errors import EncodingError, FieldError, HeaderError, RecipientsError, SpeechError
from campaign.preview.columns import Column, id_column_of, languages_of, look_at
from campaign.recipients import Recipients, open_recipients
from campaign.speech.columns import ColumnSpec
from campaign.speech.fields.fitting import fit
from campaign.submission.header_stage import ColumnFit, fit_columns
from campaign.submission.row_voice import voice_of
from campaign.submission.written_columns import number_formats

LANGUAGES_SHOWN = 12
EXAMPLE_CHARACTERS = 40
RISKS_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedColumn:
    """One column of the file."""

    name: str
    types: tuple[str, ...]
    """That all its values can be read as; several where they have two readings, none where they are text."""
    declared: str = ""
    """Its type in the brief."""
    called: str = ""
    """What templates and brief call it; empty where nothing needs it."""
    variable: str = ""
    """What a template may call it: `First Name` is `first_name`; empty where nothing can."""
    is_found: bool = True
    """Whether it is found by that; else the brief says `from`."""
    filled: int
    empty: int
    example: str
    role: str = ""
    """`id`, `locale`, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was seen of a file."""

    file: str
    found: str
    """What it turned out to be, and what of it was left out."""
    rows: int
    columns: tuple[CheckedColumn, ...]
    languages: Mapping[str, int]
    """Rows by what their locale column says; empty without one."""
    faults: tuple[str, ...]
    """What stops a submit before its first row."""
    notes: tuple[str, ...]
    """What is passed over, or has to be looked at."""
    risks: tuple[str, ...] = ()
    """What will fail on rows, or be said otherwise than written, by column."""
    sheets: tuple[str, ...] = ()
    """Of a spreadsheet: the one that is read, then the others."""
    encoding_guess: str = ""
    """Where it is not UTF-8: what it may be."""
    words: tuple[str, ...] = ()
    """Of the file, as the guess reads them."""
    sample: tuple[Mapping[str, str], ...] = ()
    """Its first rows, by what a template may call their fields."""

    @property
    def document(self) -> dict[str, JsonValue]:
        """For `--json` and the API."""
        return {**asdict(self), "columns": [asdict(column) for column in self.columns]}


def check_file(source: Recipients, loaded: LoadedBrief | None) -> Check:
    """Look at a file, and hold it against a brief where there is one. Raises `RecipientsError` for what is no list."""
    faults: tuple[str, ...] = ()
    columns_fit: ColumnFit | None = None
    if loaded is not None:
        try:
            columns_fit = fit_columns(loaded, source)
            number_formats(loaded, source, columns_fit)
        except HeaderError as exc:
            faults = exc.lines
    columns, rows = look_at(source)
    notes: list[str] = []
    if loaded is None:
        id_column, said = id_column_of(columns, rows)
        notes += [said] if said else []
        locale_column, _ = languages_of(columns, notes)
    else:
        sources = (columns_fit.sources if columns_fit is not None else None) or {}
        id_column = sources.get(loaded.brief.id_column, "")
        locale_column = sources.get(loaded.brief.locale_column, "")
        notes += columns_fit.notes if columns_fit is not None else ()
    notes += source.found.notes
    specs = loaded.brief.column_specs() if loaded is not None else {}
    roles = {id_column: "id", locale_column: "locale"}
    called = {column: name for name, column in ((columns_fit.sources if columns_fit else None) or {}).items()}
    looked = tuple(
        _checked(column, roles.get(column.name, ""), called.get(column.name, ""), specs) for column in columns
    )
    if loaded is None:
        notes += [
            f"{column.name}: {column.number_problem}"
            for column in columns
            if column.is_amount and column.number_problem
        ]
    if columns_fit is not None and columns_fit.left_out:
        source.found.unneeded_columns = len(columns_fit.left_out)
    return Check(
        file=source.label,
        found=str(source.found),
        rows=rows,
        columns=looked,
        languages=_languages(source, locale_column),
        faults=faults,
        notes=tuple(notes),
        risks=() if loaded is None else tuple(_risks(source, columns_fit, loaded.brief)),
    )


def check_path(
    path: Path, *, label: str, encoding: str, separator: str, sheet: str | None, sampled: int = 0
) -> Check:
    """Look at a file that somebody gave, without a brief; one that cannot be read is a `Check` with its faults."""
    try:
        with open_recipients(
            str(path), encoding=encoding, separator=separator, sheet=sheet, label=label
        ) as source:
            seen = check_file(source, None)
            called = {column.name: column.variable for column in seen.columns if column.variable}
            rows = tuple(
                {called[name]: value.strip() for name, value in row.fields.items() if name in called}
                for row in source.sample(sampled)
            )
            return replace(seen, sheets=source.sheets, sample=rows)
    except RecipientsError as exc:
        guess, words = (exc.guess or "", exc.words) if isinstance(exc, EncodingError) else ("", ())
        return Check(
            file=label, found="", rows=0, columns=(), languages={}, faults=exc.lines, notes=(), encoding_guess=guess,
            words=words,
        )  # fmt: skip


def _checked(column: Column, role: str, called: str, specs: Mapping[str, ColumnSpec]) -> CheckedColumn:
    spec = specs.get(called)
    example = column.values[0] if column.values else ""
    return CheckedColumn(
        name=column.name,
        types=() if role else column.readings("en"),
        declared=str(spec.kind) if spec is not None else "",
        called=called,
        variable=column.variable,
        is_found=column.is_found,
        filled=column.filled,
        empty=column.empty,
        example=example if len(example) <= EXAMPLE_CHARACTERS else f"{example[: EXAMPLE_CHARACTERS - 1]}…",
        role=role,
    )


def _languages(source: Recipients, column: str) -> dict[str, int]:
    if not column:
        return {}
    counts = Counter(row.fields.get(column, "").strip() for row in source.rows())
    return dict(counts.most_common(LANGUAGES_SHOWN))


def _risks(source: Recipients, columns_fit: ColumnFit | None, brief: Brief) -> Iterator[str]:
    """What the fields of the needed columns suffer from, counted: damage that is an error, and what is mended."""
    if columns_fit is None or columns_fit.sources is None:
        return
    specs = brief.column_specs()
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], tuple[int, str]] = {}
    for row in source.rows():
        for name, value in columns_fit.fields(row).items():
            if brief.presets and name == brief.preset_column and not brief.speaks_by_language:
                found = _met_voice(name, value, brief)
            else:
                found = _met(name, value, specs.get(name))
            for met in found:
                key = (name, met[0])
                counts[key] += 1
                first.setdefault(key, (row.number, met[1]))
    for (name, _), count in counts.most_common(RISKS_SHOWN):
        number, told = first[name, _]
        rows = f"row {number}" if count == 1 else f"{count:,} rows, the first is row {number}"
        yield f"{name}: {rows}: {told}"


def _met_voice(name: str, value: str, brief: Brief) -> Sequence[tuple[str, str]]:
    try:
        voice_of({name: value}, brief)
    except FieldError as exc:
        return ((exc.code, exc.reason),)
    return ()


def _met(name: str, value: str, spec: ColumnSpec | None) -> Sequence[tuple[str, str]]:
    """(code, sentence) of what is wrong or changed in one field."""
    if not value:
        return () if spec is not None and spec.optional else (("empty", "it is empty"),)
    try:
        fitted = fit(name, value, spec)
    except (FieldError, SpeechError) as exc:
        return ((exc.code, exc.reason),)
    doubt = [] if fitted.doubt is None else [(fitted.doubt.code, fitted.doubt.reason)]
    return [*doubt, *((warning.partition(" ")[0], warning) for warning in fitted.warnings)]
