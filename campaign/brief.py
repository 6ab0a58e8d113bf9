"""The brief: what was asked for, from `campaign.toml`, with every file it names read in.

A `Brief` is whole in itself: it holds the templates' text, not their paths, so that it can be kept with the
campaign, digested, and used again years later to explain or re-make a row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from campaign.errors import BriefError
from campaign.speech.columns import ColumnSpec, parse_column_type
from campaign.speech.lexicon.entries import Scope
from campaign.speech.lexicon.files import ENDINGS, LexiconFile, read_lexicon
from campaign.speech.lexicon.matching import LabelledRules
from campaign.speech.templates import TemplateSource
from storage.canonical import digest
from storage.resources import data_folder
from storage.tables import Lane


class Purpose(StrEnum):
    """What the sound is for; weights and consent may allow only some."""

    COMMERCIAL = "commercial"
    """In the course of business; what weights or speaker keep from sale is refused."""
    NON_COMMERCIAL = "non-commercial"
    """Sent to people, and nothing is sold with it: what a brief that says nothing means."""
    RESEARCH = "research"
    """Tried and compared, as a gate does."""


class OnError(StrEnum):
    """What bad rows mean for the rest."""

    SKIP = "skip"
    """They end `failed(code)`, the rest goes on."""
    REJECT = "reject"
    """Nothing is submitted."""


class Duplicates(StrEnum):
    """What a second row with the same id means."""

    ERROR = "error"
    """It is a bad row; the first one is made."""
    KEEP_FIRST = "keep-first"
    """It is suppressed; the first one is made."""
    KEEP_ALL = "keep-all"
    """One more file for the same person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What was asked for."""

    name: str = "campaign"
    purpose: Purpose = Purpose.NON_COMMERCIAL
    languages: tuple[str, ...] = ("en",)
    """Declared languages; the first is spoken where nothing says otherwise."""
    territories: tuple[str, ...] = ()
    """ISO 3166 codes of where the messages go, for presets whose consent is limited to some."""
    id_column: str = "id"
    locale_column: str = "locale"
    preset: str = "demo-voice@1"
    model: str = ""
    """A pin or a channel; empty is the preset's engine's own."""
    lane: Lane = Lane.BULK
    duplicates: Duplicates = Duplicates.ERROR
    on_error: OnError = OnError.SKIP
    error_budget: float | None = None
    """Share of rows that may fail before the campaign pauses itself; None is no limit."""
    templates: Mapping[str, TemplateSource] = field(default_factory=dict)
    """By locale; `default` serves every other."""
    columns: Mapping[str, Any] = field(default_factory=dict)
    """Column types as declared, see `campaign.speech.columns`."""
    lexicons: tuple[str, ...] = ()
    """`name@version`, or a file beside the brief under its name and digest."""
    finish: Mapping[str, Any] = field(default_factory=dict)
    """The finish profile as declared, see `workers.finish`."""
    disclosure: Mapping[str, Any] = field(default_factory=dict)
    """What each script must say of itself, see `campaign.speech.disclosure`."""
    suppress: tuple[str, ...] = ()
    """Digests of the suppression lists that were applied."""
    leftover: str = "error"
    """What becomes of characters that survive normalisation: `error`, or `verbalise` and list them."""

    is_streamed: bool = False
    """Somebody listens while it is made: a long first sentence is parted, so that it begins earlier."""

    @property
    def digest(self) -> str:
        """sha256 hex of everything above."""
        return digest(self.as_json())

    def column_specs(self) -> dict[str, ColumnSpec]:
        """The declared columns, parsed; raises `BriefError`."""
        return {name: parse_column_type(declared) for name, declared in self.columns.items()}

    def as_json(self) -> dict[str, Any]:
        """The brief as kept with the campaign."""
        out: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        out["templates"] = {
            locale: {"name": source.name, "text": source.text, "language": source.language}
            for locale, source in self.templates.items()
        }
        return {key: list(value) if isinstance(value, tuple) else value for key, value in out.items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Brief:
        """The inverse of `as_json`."""
        values = dict(kept)
        values["templates"] = {
            locale: TemplateSource(**template) for locale, template in kept["templates"].items()
        }
        for key in ("languages", "territories", "lexicons", "suppress"):
            values[key] = tuple(kept.get(key, ()))
        values["purpose"] = Purpose(kept["purpose"])
        values["lane"] = Lane(kept["lane"])
        values["duplicates"] = Duplicates(kept["duplicates"])
        values["on_error"] = OnError(kept["on_error"])
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What the command line says over the brief; None says nothing."""

    template: Path | None = None
    preset: str | None = None
    model: str | None = None
    suppress: tuple[Path, ...] = ()
    on_error: str | None = None
    duplicates: str | None = None
    purpose: str | None = None
    lane: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedBrief:
    """A brief and the files beside it that are read while rows are."""

    brief: Brief
    suppress: tuple[Path, ...]
    lexicons: Mapping[str, LexiconFile] = field(default_factory=dict)
    """Label to file, of those lexicons that lie beside the brief."""
    rules: tuple[LabelledRules, ...] = ()
    """Of every lexicon that applies, once `campaign.registry.lexicons.fixed` has found them."""


_ENUMS: Mapping[str, type[StrEnum]] = {
    "purpose": Purpose,
    "lane": Lane,
    "duplicates": Duplicates,
    "on_error": OnError,
}
_TEXTS = ("name", "id_column", "locale_column", "preset", "model", "leftover")
_TABLES = ("templates", "columns", "finish", "disclosure")
_LISTS = ("languages", "territories", "lexicons", "suppress")
KEYS = frozenset((*_ENUMS, *_TEXTS, *_TABLES, *_LISTS, "error_budget"))


def load_brief(path: Path | None, overrides: Overrides) -> LoadedBrief:
    """Read `campaign.toml` (None: only overrides and defaults) and the templates it names.

    Raises `BriefError` with the file, the key and the mend.
    """
    table, folder = _read(path)
    return read_brief(table, overrides, label=str(path) if path else "the command", folder=folder)


def read_brief(
    table: Mapping[str, Any],
    overrides: Overrides | None = None,
    *,
    label: str,
    folder: Path | None,
    lists: Sequence[Path] = (),
) -> LoadedBrief:
    """A brief from a table as in `campaign.toml`; `label` is where it stands, for messages.

    Names of files are looked up in `folder`. With None, for a table from a stranger, no file is opened: templates are
    inline or shipped, lexicons are registered ones, and suppression lists are `lists`. Raises `BriefError`.
    """
    overrides = overrides or Overrides()
    unknown = sorted(set(table) - KEYS)
    if unknown:
        raise BriefError(
            f"{label}: no such key: {', '.join(unknown)}. Known keys: {', '.join(sorted(KEYS))}."
        )
    values = _scalars(table, label)
    for key in ("purpose", "lane", "duplicates", "on_error"):
        over = getattr(overrides, key)
        if over is not None:
            values[key] = _enum(key, over, f"--{key}")
    for key in ("preset", "model"):
        over = getattr(overrides, key)
        if over is not None:
            values[key] = over
    values["templates"] = _templates(table.get("templates", {}), folder, label)
    if overrides.template is not None:
        values["templates"] = {"default": _template(str(overrides.template), Path())}
    if not values["templates"]:
        raise BriefError(
            f"{label} names no template. Add a [templates] table to campaign.toml or use --template."
        )
    values["lexicons"], lexicons = _lexicons(values.get("lexicons", ()), folder)
    suppress = [*_lists(values.pop("suppress", ()), folder, label), *overrides.suppress, *lists]
    brief = Brief(**values)
    brief.column_specs()
    return LoadedBrief(
        brief=replace(brief, suppress=tuple(_file_digest(file) for file in suppress)),
        suppress=tuple(suppress),
        lexicons=lexicons,
    )


def _read(path: Path | None) -> tuple[dict[str, Any], Path]:
    if path is None:
        return {}, Path()
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")), path.parent
    except OSError as exc:
        raise BriefError(f"{path} cannot be read: {exc.strerror}. Name another with --brief.") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise BriefError(f"{path} is not TOML: {exc}. Correct that line.") from exc


def _scalars(table: Mapping[str, Any], label: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key in _ENUMS:
            values[key] = _enum(key, value, label)
        elif key in _TEXTS:
            values[key] = _typed(key, value, str, "text", label)
        elif key in _LISTS:
            items = _typed(key, value, list, "a list of text", label)
            values[key] = tuple(_typed(key, item, str, "a list of text", label) for item in items)
        elif key in ("columns", "finish", "disclosure"):
            values[key] = _typed(key, value, dict, "a table", label)
        elif key == "error_budget":
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise BriefError(f"{label}: error_budget is a share from 0 to 1, not {value!r}.")
            values[key] = float(value)
    if values.get("leftover", "error") not in ("error", "verbalise"):
        raise BriefError(f'{label}: leftover is "error" or "verbalise", not {values["leftover"]!r}.')
    if not values.get("languages", ("en",)):
        raise BriefError(f'{label}: languages is empty; write for example languages = ["en"].')
    return values


def _typed(key: str, value: Any, kind: type, words: str, label: str) -> Any:
    if not isinstance(value, kind):
        raise BriefError(f"{label}: {key} is {words}, not {value!r}.")
    return value


def _enum(key: str, value: Any, label: str) -> StrEnum:
    try:
        return _ENUMS[key](value)
    except ValueError as exc:
        allowed = ", ".join(_ENUMS[key])
        raise BriefError(f"{label}: {key} is one of {allowed}, not {value!r}.") from exc


def _templates(table: Any, folder: Path | None, label: str) -> dict[str, TemplateSource]:
    _typed("templates", table, dict, "a table of locale = file", label)
    read = {
        locale: _inline(locale, template, label)
        if isinstance(template, dict)
        else _template(template, folder, label)
        for locale, template in table.items()
        if not isinstance(template, str) or template not in table
    }
    for locale, name in table.items():
        if isinstance(name, str) and name in table:  # default = "en"
            if name not in read:
                raise BriefError(
                    f"{label}: templates.{locale} names {name!r}, which names another. Name a file."
                )
            read[locale] = replace(read[name], language=name)
    return read


def _inline(locale: str, table: Mapping[str, Any], label: str) -> TemplateSource:
    """`en = { text = "Hello {{ name }}." }`."""
    if unknown := sorted(table.keys() - {"text", "language"}):
        raise BriefError(
            f"{label}: templates.{locale} has no key {', '.join(unknown)}; write text and language."
        )
    text = _typed(f"templates.{locale}.text", table.get("text"), str, "text", label)
    language = table.get("language")
    if language is not None:
        _typed(f"templates.{locale}.language", language, str, "text", label)
    return TemplateSource(name=f"{locale}, inline", text=text, language=language)


def _template(name: Any, folder: Path | None, label: str = "the command") -> TemplateSource:
    _typed("templates", name, str, "a table of locale = file", label)
    if folder is None and (Path(name).name != name or name.startswith(".")):
        raise BriefError(
            f'{label}: {name!r} is not a shipped template. Write the text itself: {{"text": "..."}}.'
        )
    places = [data_folder("templates") / name]
    if folder is not None:
        places = [folder / name, Path(name), *places]
    for place in places:
        if place.is_file():
            try:
                return TemplateSource(name=place.name, text=place.read_text(encoding="utf-8-sig"))
            except UnicodeDecodeError as exc:
                raise BriefError(f"template {place} is not UTF-8: {exc}. Save it as UTF-8.") from exc
    raise BriefError(
        f"there is no template {name!r} beside the brief, here or in templates/. Correct its name."
    )


def _lists(names: Iterable[str], folder: Path | None, label: str) -> list[Path]:
    paths = list(names)
    if folder is None and paths:
        raise BriefError(f"{label}: suppress names files. Upload the list itself.")
    return [(folder or Path()) / name for name in paths]


def _lexicons(names: Iterable[str], folder: Path | None) -> tuple[tuple[str, ...], dict[str, LexiconFile]]:
    """The labels in order, and the files among them. A file serves the campaigns that name it, whatever its scope."""
    labels: list[str] = []
    files: dict[str, LexiconFile] = {}
    for name in names:
        if not name.lower().endswith(ENDINGS):
            labels.append(name)
            continue
        if folder is None:
            raise BriefError(f"lexicon {name!r} is a file. Register it first and name it as name@version.")
        place = next((place for place in (folder / name, Path(name)) if place.is_file()), None)
        if place is None:
            raise BriefError(f"there is no lexicon file {name!r} beside the brief or here. Correct its name.")
        read = read_lexicon(place)
        file = replace(read, rules=replace(read.rules, scope=Scope.CAMPAIGN, preset=""))
        files[file.label] = file
        labels.append(file.label)
    return tuple(labels), files


def _file_digest(path: Path) -> str:
    import hashlib

    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as exc:
        raise BriefError(f"the suppression list {path} cannot be read: {exc.strerror}.") from exc
