"""A brief as people write it: the keys of `campaign.toml`, and what is wrong in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized
from typing import Annotated, ClassVar, Self

from pydantic import ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator, model_validator
from pydantic.config import JsonDict

from campaign.brief.kept import BriefKeys, UnmatchedLists, Written
from campaign.brief.listen import ListenTable
from campaign.errors import BriefError
from campaign.speech.columns import ColumnTable, check_declared
from campaign.speech.disclosure import DisclosureTable
from campaign.speech.folding import folded
from campaign.territories import checked_territory
from campaign.times import checked_zone
from workers.engines.imperfection import Imperfection
from workers.finish import FinishProfile
from workers.languages import canonical, checked_primary, checked_tag, normal
from workers.mends import TOLD_FAULTS, Words, or_above, shown
from workers.strict import KeptTable, Several, StrictTable

LONGEST_NAME = 200
MOST = {"languages": 50, "territories": 300, "templates": 100, "columns": 500, "lexicons": 50, "presets": 50}
"""Entries that a brief may have."""
MOST_IMPERFECTIONS = 20
"""Of one template."""
EXAMPLE: JsonDict = {
    "name": "Autumn reminders",
    "templates": {"default": "en", "en": {"text": "Hello {{ name }}. Your bill is {{ amount }}."}},
    "columns": {"name": "name", "amount": "money EUR"},
    "finish": {"codec": "mp3"},
}
"""A brief without a file."""


class TemplateTable(StrictTable):
    """A template in the brief itself, or a file with more to say of it."""

    text: str | None = Field(default=None, examples=['"Hello {{ name }}."'])
    """What is said, docs/templates.md."""
    file: str | None = Field(default=None, examples=['"reminder.en.txt"'])
    """Where it is said, in place of `text`: a file beside the brief, or `shipped:NAME`."""
    language: str | None = Field(default=None, examples=['"en"'])
    """Of its words; by default that of the locale that it stands under."""
    imperfections: Several[Imperfection] = Field(
        default=(),
        max_length=MOST_IMPERFECTIONS,
        examples=['[{ kind = "hesitation", stage = "text", probability = 0.5 }]'],
    )
    """Flaws on purpose, docs/presets.md; beyond those of the preset."""

    @field_validator("language")
    @classmethod
    def _of_people(cls, language: str | None) -> str | None:
        return None if language is None else canonical(checked_tag(language))

    @model_validator(mode="after")
    def _of_one_place(self) -> Self:
        if (self.text is None) == (self.file is None):
            raise ValueError('give text = "...", or file = "NAME"')
        return self


def _is_table(value: object) -> str:
    return "table" if isinstance(value, Mapping | StrictTable) else "str"


TemplateEntry = Annotated[
    Annotated[str, Tag("str")] | Annotated[TemplateTable, Tag("table")],
    Discriminator(_is_table),
    Words("a file's name, shipped:NAME, or a table with text or file, and more"),
]
ColumnEntry = Annotated[
    Annotated[str, Tag("str")] | Annotated[ColumnTable, Tag("table")],
    Discriminator(_is_table),
    Words('a type such as "money EUR", or a table with type and more'),
]


class BriefTable(BriefKeys, KeptTable):
    """What is asked for: the keys of `campaign.toml`. Over the API nothing names a file."""

    also_called: ClassVar[Mapping[str, str]] = {
        "voice": "preset",
        "voices": "presets",
        "voicecolumn": "preset_column",
        "template": "templates",
        "language": "languages",
        "locales": "languages",
        "lexicon": "lexicons",
        "territory": "territories",
        "countries": "territories",
        "column": "columns",
        "types": "columns",
        "id": "id_column",
        "locale": "locale_column",
        "output": "finish",
        "optout": "suppress",
        "suppression": "suppress",
        "title": "name",
    }
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    templates: Mapping[str, TemplateEntry] = Field(
        default={}, examples=['{ default = "en", en = { text = "Hello {{ name }}." } }']
    )
    """What is said, by locale: a file beside the brief, `shipped:NAME`, or the text. `default` serves every other."""
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
    listen: ListenTable = ListenTable()
    """Who hears the files before they go out."""
    suppress: Several[str] = Field(default=(), examples=['["suppress.csv"]'])
    """Opt-out lists: files of ids that get nothing."""
    unmatched_lists: Written[UnmatchedLists] = UnmatchedLists.ERROR
    """What an opt-out list means of which no id is in the recipients file."""

    @field_validator("languages")
    @classmethod
    def _of_people(cls, languages: Sequence[str]) -> Sequence[str]:
        return tuple(canonical(checked_tag(tag)) for tag in languages)

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

    @field_validator("timezone")
    @classmethod
    def _of_the_clocks(cls, timezone: str) -> str:
        return checked_zone(timezone) if timezone else ""

    @field_validator("templates")
    @classmethod
    def _each_once(cls, templates: Mapping[str, TemplateEntry]) -> Mapping[str, TemplateEntry]:
        first: dict[str, str] = {}
        for locale in templates:
            try:
                if locale != "default":
                    checked_tag(locale)
            except ValueError as exc:
                raise ValueError(f"{exc}{or_above(locale, ('templates',), cls)}") from exc
            if (other := first.setdefault(normal(locale), locale)) != locale:
                raise ValueError(f"{other} and {locale} are the same locale; leave one of them out")
        return templates

    @field_validator("presets")
    @classmethod
    def _told_apart(cls, presets: Mapping[str, str]) -> Mapping[str, str]:
        first: dict[str, str] = {}
        for voice in presets:
            if not folded(voice) or len(voice) > LONGEST_NAME or not voice.isprintable():
                raise ValueError(
                    f"it has {shown(voice)}; write what the column says: 1 to {LONGEST_NAME} characters on one line"
                )
            if (other := first.setdefault(folded(voice), voice)) != voice:
                raise ValueError(f"{other} and {voice} are the same word in a row; leave one of them out")
        return presets

    @field_validator("finish")
    @classmethod
    def _by_language(cls, finish: FinishProfile) -> FinishProfile:
        for language in finish.characters_per_second:
            checked_primary(language)
        return finish

    @field_validator("disclosure")
    @classmethod
    def _in_languages(cls, disclosure: DisclosureTable) -> DisclosureTable:
        for language in disclosure.words:
            checked_primary(language)
        return disclosure

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
        faults: list[str] = []
        for name, declared in columns.items():
            try:
                check_declared(declared)
            except BriefError as exc:
                faults.append(f"{name}: {str(exc).rstrip('.')}{or_above(name, ('columns',), cls)}")
        if faults:
            more = f". ... and {len(faults) - TOLD_FAULTS} more" if len(faults) > TOLD_FAULTS else ""
            raise ValueError(". ".join(faults[:TOLD_FAULTS]) + more)
        return columns
