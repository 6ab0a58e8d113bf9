"""The brief: what was asked for, from `campaign.toml`, with every file it names read in.

A `Brief` is whole in itself: it holds the templates' text, not their paths, so that it can be kept with the
campaign, digested, and used again years later to explain or re-make a row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, TypedDict, TypeVar, Unpack

from pydantic import ConfigDict, Discriminator, Field, JsonValue, Tag, ValidationInfo, field_validator
from pydantic.config import JsonDict

from campaign.errors import BriefError
from campaign.speech.columns import ColumnSpec, ColumnTable, check_declared, kept_column_type
from campaign.speech.disclosure import DisclosureTable
from campaign.speech.lexicon.entries import Scope
from campaign.speech.lexicon.files import ENDINGS, LexiconFile, read_lexicon
from campaign.speech.lexicon.matching import LabelledRules
from campaign.speech.templates import TemplateSource
from campaign.territories import checked_territory
from storage.canonical import digest
from storage.resources import data_folder
from storage.tables import Lane
from workers.finish import FinishProfile
from workers.languages import checked_primary, normal
from workers.mends import Words, or_above, shown
from workers.strict import KeptTable, Several, StrictTable, read, read_toml

Member = TypeVar("Member", bound=StrEnum)
Written = Annotated[Member, Field(strict=False)]
"""A member by its value."""


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


class BriefKeys(StrictTable):
    """What a brief says in so many words: the same as it is written and as the campaign keeps it."""

    name: str = Field(default="campaign", examples=['"Autumn reminders"'])
    """For people, in reports and pages."""
    purpose: Written[Purpose] = Purpose.NON_COMMERCIAL
    """What the sound is for; weights and consent may allow only some."""
    languages: Several[str] = Field(default=("en",), min_length=1, examples=['["en", "de"]'])
    """Languages that occur; the first is spoken where nothing says otherwise."""
    territories: Several[str] = Field(default=(), examples=['["DE", "AT"]'])
    """ISO 3166 codes of where the messages go: for presets whose consent is limited to some, and for disclosure."""
    id_column: str = "id"
    """The column that says who a row is."""
    locale_column: str = "locale"
    """The column with a row's language; without it every row is in the first of `languages`."""
    preset: str = Field(default="demo-voice@1", examples=['"demo-voice@1"'])
    """The voice, `name@version`; `campaign preset list` shows those there are."""
    model: str = Field(default="", examples=['"live"'])
    """A pin or a channel; without one the preset's engine's own."""
    lane: Written[Lane] = Lane.BULK
    """How urgent it is."""
    duplicates: Written[Duplicates] = Duplicates.ERROR
    """What a second row with the same id means."""
    on_error: Written[OnError] = OnError.SKIP
    """What bad rows mean for the others."""
    error_budget: float | None = Field(default=None, ge=0, le=1, examples=["0.05"])
    """Share of rows that may fail before the campaign pauses itself; without it there is no limit."""
    leftover: Literal["error", "verbalise"] = "error"
    """What becomes of characters that survive normalisation: an error, or said and listed."""


LONGEST_NAME = 200
MOST = {"languages": 50, "territories": 300, "templates": 100, "columns": 500, "lexicons": 50}
"""Entries that a brief may have."""
EXAMPLE: JsonDict = {
    "name": "Autumn reminders",
    "templates": {"default": "en", "en": {"text": "Hello {{ name }}. Your bill is {{ amount }}."}},
    "columns": {"name": "name", "amount": "money EUR"},
    "finish": {"codec": "mp3"},
}
"""A brief without a file."""


class InlineTemplate(StrictTable):
    """A template in the brief itself."""

    text: str = Field(examples=['"Hello {{ name }}."'])
    """What is said, docs/templates.md."""
    language: str | None = Field(default=None, examples=['"en"'])
    """Of its words; by default that of the locale that it stands under."""


def _is_table(value: object) -> str:
    return "table" if isinstance(value, Mapping | StrictTable) else "str"


TemplateEntry = Annotated[
    Annotated[str, Tag("str")] | Annotated[InlineTemplate, Tag("table")],
    Discriminator(_is_table),
    Words("a file's name, or a table with text and language"),
]
ColumnEntry = Annotated[
    Annotated[str, Tag("str")] | Annotated[ColumnTable, Tag("table")],
    Discriminator(_is_table),
    Words('a type such as "money EUR", or a table with type and more'),
]


class BriefTable(BriefKeys, KeptTable):
    """What is asked for: the keys of `campaign.toml`. Over the API nothing names a file."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    templates: Mapping[str, TemplateEntry] = Field(
        default={}, examples=['{ default = "en", en = { text = "Hello {{ name }}." } }']
    )
    """What is said, by locale: a file beside the brief, a shipped one, or the text. `default` serves every other."""
    columns: Mapping[str, ColumnEntry] = Field(
        default={}, examples=['{ name = "name", amount = "money EUR" }']
    )
    """What is in each column of the recipients file; one that is not named is text."""
    lexicons: Several[str] = Field(default=(), examples=['["en-utility@1", "names.tsv"]'])
    """Pronunciations: `name@version` of a registered lexicon, or a file beside the brief."""
    finish: FinishProfile = FinishProfile()
    """The files: format, loudness, pauses."""
    disclosure: DisclosureTable = DisclosureTable()
    """What each message must say of itself."""
    suppress: Several[str] = Field(default=(), examples=['["suppress.csv"]'])
    """Files of ids that get nothing."""

    @field_validator("name")
    @classmethod
    def _for_people(cls, name: str) -> str:
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise ValueError(f"it is {shown(name)}; give 1 to {LONGEST_NAME} characters on one line")
        return name

    @field_validator("territories")
    @classmethod
    def _of_the_world(cls, territories: Sequence[str]) -> Sequence[str]:
        for code in territories:
            checked_territory(code)
        return territories

    @field_validator("templates")
    @classmethod
    def _each_once(cls, templates: Mapping[str, TemplateEntry]) -> Mapping[str, TemplateEntry]:
        first: dict[str, str] = {}
        for locale in templates:
            if (other := first.setdefault(normal(locale), locale)) != locale:
                raise ValueError(f"{other} and {locale} are the same locale; leave one of them out")
        return templates

    @field_validator("finish")
    @classmethod
    def _by_language(cls, finish: FinishProfile) -> FinishProfile:
        for language in finish.characters_per_second:
            checked_primary(language)
        return finish

    @field_validator(*MOST)
    @classmethod
    def _of_a_size(cls, entries: Sized, about: ValidationInfo) -> Sized:
        most = MOST[about.field_name or ""]
        if len(entries) > most:
            raise ValueError(f"it has {len(entries)} entries; give {most} at most")
        return entries

    @field_validator("columns")
    @classmethod
    def _of_known_types(cls, columns: Mapping[str, ColumnEntry]) -> Mapping[str, ColumnEntry]:
        for name, declared in columns.items():
            try:
                check_declared(declared)
            except BriefError as exc:
                raise ValueError(
                    f"{name}: {str(exc).rstrip('.')}{or_above(name, ('columns',), cls)}"
                ) from exc
        return columns


class Brief(BriefKeys):
    """What was asked for, whole in itself: what the campaign keeps."""

    templates: Mapping[str, TemplateSource] = {}
    """By locale; `default` serves every other."""
    columns: Mapping[str, JsonValue] = {}
    """Column types as declared, see `campaign.speech.columns`."""
    lexicons: Several[str] = ()
    """`name@version`, or a file beside the brief under its name and digest."""
    finish: Mapping[str, JsonValue] = {}
    """The finish profile as declared, see `workers.finish`."""
    disclosure: Mapping[str, JsonValue] = {}
    """What each script must say of itself, see `campaign.speech.disclosure`."""
    suppress: Several[str] = ()
    """Digests of the suppression lists that were applied."""
    is_streamed: bool = False
    """Somebody listens while it is made: a long first sentence is parted, so that it begins earlier."""

    @property
    def digest(self) -> str:
        """sha256 hex of everything above."""
        return digest(self.as_json())

    def column_specs(self) -> dict[str, ColumnSpec]:
        """The declared columns, parsed; raises `BriefError`."""
        return {name: kept_column_type(declared) for name, declared in self.columns.items()}

    def as_json(self) -> dict[str, JsonValue]:
        """The brief as kept with the campaign."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, kept: Mapping[str, JsonValue]) -> Brief:
        """The inverse of `as_json`."""
        return cls.model_validate(kept, strict=False)

    def revised(self, **changes: Unpack[BriefChanges]) -> Brief:
        """The brief with other values for some keys."""
        return self.model_copy(update=dict(changes))


class BriefChanges(TypedDict, total=False):
    """Keys of a brief that another stage decides anew."""

    name: str
    languages: tuple[str, ...]
    purpose: Purpose
    territories: tuple[str, ...]
    templates: Mapping[str, TemplateSource]
    preset: str
    model: str
    lane: Lane
    lexicons: tuple[str, ...]
    finish: Mapping[str, JsonValue]
    suppress: tuple[str, ...]


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


OVERRIDDEN = ("purpose", "lane", "duplicates", "on_error", "preset", "model")
"""Keys that the command line may say anew."""


def load_brief(path: Path | None, overrides: Overrides) -> LoadedBrief:
    """Read `campaign.toml` (None: only overrides and defaults) and the templates it names.

    Raises `BriefError` with the file, the key and the mend.
    """
    if path is None:
        return read_brief({}, overrides, label="the command", folder=Path())
    table = read_toml(path, error=BriefError, option="--brief")
    return read_brief(table, overrides, label=str(path), folder=path.parent)


def read_brief(
    table: Mapping[str, JsonValue],
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
    _refuse_half_characters(table, label)
    said = {key: over for key in OVERRIDDEN if (over := getattr(overrides, key)) is not None}
    asked = read(BriefTable, {**table, **said}, where=label, error=BriefError)
    if overrides.template is not None:
        templates = {"default": _template(str(overrides.template), Path(), label)}
    else:
        templates = _templates(asked.templates, folder, label)
    if not templates:
        raise BriefError(
            f"{label} names no template. Add a [templates] table to campaign.toml or use --template."
        )
    lexicons, files = _lexicons(asked.lexicons, folder)
    suppress = [*_lists(asked.suppress, folder, label), *overrides.suppress, *lists]
    brief = Brief(
        **{key: getattr(asked, key) for key in BriefKeys.model_fields},
        templates=templates,
        columns=asked.written.get("columns", {}),
        lexicons=lexicons,
        finish=asked.written.get("finish", {}),
        disclosure=asked.written.get("disclosure", {}),
        suppress=tuple(_file_digest(file) for file in suppress),
    )
    return LoadedBrief(brief=brief, suppress=tuple(suppress), lexicons=files)


def _refuse_half_characters(table: Mapping[str, JsonValue], label: str) -> None:
    """JSON can spell half of a character, which no file and no database holds."""
    try:
        json.dumps(table, ensure_ascii=False, default=str).encode()
    except RecursionError as exc:
        raise BriefError(f"{label} has tables within tables beyond all measure. Write them flatter.") from exc
    except UnicodeEncodeError as exc:
        raise BriefError(f"{label} holds half of a character at {exc.start}. Write it anew there.") from exc


def _templates(
    table: Mapping[str, TemplateEntry], folder: Path | None, label: str
) -> dict[str, TemplateSource]:
    sources: dict[str, TemplateSource] = {}
    for locale, entry in table.items():
        if isinstance(entry, InlineTemplate):
            sources[locale] = TemplateSource(
                name=f"{locale}, inline", text=entry.text, language=entry.language
            )
        elif entry not in table:
            sources[locale] = _template(entry, folder, label, locale)
    for locale, entry in table.items():
        if isinstance(entry, str) and entry in table:  # default = "en"
            if entry not in sources:
                raise BriefError(
                    f"{label}: templates.{locale} names {entry!r}, which names another. Name a file."
                )
            sources[locale] = replace(sources[entry], language=entry)
    return sources


def _template(name: str, folder: Path | None, label: str, locale: str = "") -> TemplateSource:
    if len(name) > LONGEST_NAME or "{" in name or not name.isprintable():
        raise BriefError(
            f"{label}: templates.{locale} is {shown(name)}, no file's name. Write the text itself: "
            f'{locale or "en"} = {{ text = "..." }}.'
        )
    if folder is None and (Path(name).name != name or name.startswith(".")):
        raise BriefError(
            f'{label}: {name!r} is not a shipped template. Write the text itself: {{"text": "..."}}.'
        )
    places = [data_folder("templates") / name]
    if folder is not None:
        places = [folder / name, Path(name), *places]
    for place in places:
        if _is_file(place):
            try:
                return TemplateSource(name=place.name, text=place.read_text(encoding="utf-8-sig"))
            except UnicodeDecodeError as exc:
                raise BriefError(f"template {place} is not UTF-8: {exc}. Save it as UTF-8.") from exc
    raise BriefError(
        f"there is no template {name!r} beside the brief, here or in templates/. Correct its name"
        f"{or_above(locale, ('templates',), BriefTable)}."
    )


def _lists(names: Sequence[str], folder: Path | None, label: str) -> list[Path]:
    if folder is None and names:
        raise BriefError(f"{label}: suppress names files. Upload the list itself.")
    return [(folder or Path()) / name for name in names]


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
        place = next((place for place in (folder / name, Path(name)) if _is_file(place)), None)
        if place is None:
            raise BriefError(f"there is no lexicon file {name!r} beside the brief or here. Correct its name.")
        read = read_lexicon(place)
        file = replace(read, rules=replace(read.rules, scope=Scope.CAMPAIGN, preset=""))
        files[file.label] = file
        labels.append(file.label)
    return tuple(labels), files


def _is_file(place: Path) -> bool:
    try:
        return place.is_file()
    except OSError:  # a name that no file can have: 255 bytes are the most
        return False


def _file_digest(path: Path) -> str:
    import hashlib

    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the name
        reason = exc.strerror if isinstance(exc, OSError) else exc
        raise BriefError(f"the suppression list {path} cannot be read: {reason}. Correct its name.") from exc
