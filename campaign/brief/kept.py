"""What was asked for, whole in itself, as a campaign keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, TypedDict, TypeVar, Unpack

from pydantic import Field, JsonValue

from campaign.speech.columns import ColumnSpec, kept_column_type
from campaign.speech.templates import TemplateSource
from storage.canonical import digest
from storage.tables import Lane
from workers.strict import Several, StrictTable

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


class UnmatchedLists(StrEnum):
    """What an opt-out list means of which no id is in the recipients file."""

    ERROR = "error"
    """Nothing is submitted: it is a list of other ids, or another column's."""
    ALLOW = "allow"
    """It is told, and the rest goes on: a list of the whole house, say, for a part of its people."""


DEFAULT_PRESET = "demo-voice@2"
"""Who speaks where nobody says who: nobody's voice, of the models that `campaign voice get kokoro` fetches."""


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
    preset: str = Field(default=DEFAULT_PRESET, examples=['"demo-voice@2"'])
    """The voice, `name@version`; `campaign preset list` shows those there are."""
    presets: Mapping[str, str] = Field(default={}, examples=['{ female = "anna@1", male = "ben@2" }'])
    """Voices that rows may ask for: what `preset_column` says, and the preset it means; all on the pin of `preset`.
    A row that says nothing is spoken by `preset`. Empty: `preset` speaks every row."""
    preset_column: str = "preset"
    """The column that says which of `presets` speaks a row."""
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
    timezone: str = Field(default="", examples=['"Europe/Berlin"'])
    """Time zone (IANA) of `not_before` and `not_after` where neither they nor the row say one, and of `--start-at`."""


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
    listen: Mapping[str, JsonValue] = {}
    """Who hears the files before they go out, as declared, see `campaign.brief.listen`."""
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

    @property
    def speaks_by_language(self) -> bool:
        """Whether a row's language says which of `presets` speaks it."""
        return bool(self.presets) and self.preset_column == self.locale_column

    def as_json(self) -> dict[str, JsonValue]:
        """The brief as kept with the campaign; what came later to briefs is left out where it says nothing."""
        silent = set() if self.timezone else {"timezone"}
        silent |= set() if self.listen else {"listen"}
        silent |= set() if self.presets else {"presets", "preset_column"}
        flawless = {locale for locale, source in self.templates.items() if not source.imperfections}
        return self.model_dump(
            mode="json",
            exclude={
                **dict.fromkeys(silent, True),
                "templates": {locale: {"imperfections": True} for locale in flawless},
            },
        )

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
    presets: Mapping[str, str]
    model: str
    lane: Lane
    lexicons: tuple[str, ...]
    finish: Mapping[str, JsonValue]
    listen: Mapping[str, JsonValue]
    suppress: tuple[str, ...]
