"""What goes over the wire: typed, documented, with examples. Times are milliseconds since 1970, UTC."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from storage.tables import CampaignState, IntakeState, Lane

CampaignId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class View(BaseModel):
    """A document; what is not in it is an error."""

    model_config = ConfigDict(extra="forbid")


class Template(View):
    """A template's text."""

    text: str = Field(max_length=20_000)
    language: str | None = Field(default=None, description="Of its words; by default that of its locale.")


class BriefIn(View):
    """What is asked for: the keys of `campaign.toml`, templates as text or the name of a shipped one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "name": "Autumn reminders",
                "purpose": "commercial",
                "languages": ["en", "de"],
                "preset": "demo-voice@1",
                "templates": {
                    "default": "en",
                    "en": {"text": "Hello {{ name }}. Your bill of {{ amount }} is due on {{ due }}."},
                    "de": "reminder.de.txt",
                },
                "columns": {"name": "name", "amount": "money EUR", "due": "date iso"},
                "finish": {"codec": "mp3"},
            }
        },
    )
    name: Name = "campaign"
    purpose: str = "non-commercial"
    languages: list[str] = Field(default=["en"], min_length=1, max_length=50)
    territories: list[str] = Field(default=[], max_length=300)
    id_column: Name = "id"
    locale_column: Name = "locale"
    preset: Name = "demo-voice@1"
    model: str = Field(default="", max_length=200, description="A pin or a channel.")
    lane: Lane = Lane.BULK
    duplicates: Literal["error", "keep-first", "keep-all"] = "error"
    on_error: Literal["skip", "reject"] = "skip"
    error_budget: float | None = Field(default=None, ge=0, le=1)
    templates: dict[str, str | Template] = Field(min_length=1, max_length=100)
    columns: dict[str, JsonValue] = Field(default={}, max_length=500)
    lexicons: list[str] = Field(default=[], max_length=50)
    finish: dict[str, JsonValue] = Field(default={}, max_length=50)
    leftover: Literal["error", "verbalise"] = "error"

    def as_table(self) -> dict[str, Any]:
        """As a brief's table: only what was said."""
        return self.model_dump(mode="json", exclude_unset=True, exclude_none=True)


class RowProblem(View):
    """A row that cannot be spoken."""

    row: int
    field: str | None
    code: str
    reason: str
    mend: str


class Preflight(View):
    """What was found while the recipients were read, before any sound."""

    rows: int
    by_outcome: dict[str, int]
    by_language: dict[str, int]
    by_type: dict[str, int]
    by_warning: dict[str, int]
    problems: list[RowProblem] = Field(description="The first ones; `errors.csv` has all.")
    duplicates: list[dict[str, int]]


class Intake(View):
    """An upload on its way to a campaign."""

    campaign: str
    state: IntakeState
    starts: bool
    upload_sha256: str | None
    upload_bytes: int | None
    share: float | None = Field(description="Of the file that is read, 0 to 1.")
    rows_read: int | None
    preflight: Preflight | None
    problem: str | None


class Campaign(View):
    """A campaign and its counts, at most 2 s old."""

    id: str
    name: str
    state: CampaignState
    reason: str | None
    lane: Lane
    purpose: str
    preset: str
    pin: str
    source: str
    rows: int | None
    by_status: dict[str, int]
    utterances_by_status: dict[str, int]
    t_created_ms: int
    t_queued_ms: int | None
    t_finished_ms: int | None
    report: str | None = Field(description="Path of its report, once there is one.")


class CampaignPage(View):
    """Campaigns, newest first."""

    campaigns: list[Campaign]


class Recipient(View):
    """One row as it stands. `id` is the operator's own."""

    row: int
    id: str | None
    recipient: str = Field(description="Keyed hash: its name outside the database.")
    locale: str
    language: str
    status: str
    code: str | None
    reason: str | None
    column: str | None


class RecipientPage(View):
    """Rows in the order of the file; ask again with `after` until `next` is null."""

    recipients: list[Recipient]
    next: int | None


class Asset(View):
    """A delivered file."""

    row: int
    recipient: str
    version: int
    sha256: str
    duration_s: float
    codec: str
    bytes: int
    loudness_lufs: float | None
    url: str = Field(description="Path of its sound in this service.")


class AssetPage(View):
    """Delivered files in the order of the rows."""

    assets: list[Asset]
    next: int | None


class RunPage(View):
    """Run descriptors as `campaign runs export` writes them."""

    runs: list[dict[str, JsonValue]]
    next: int | None


class Preset(View):
    """A frozen speaker."""

    name: str
    version: int
    engines: list[str]
    cloned: bool
    use_case: str | None
    tags: list[str]
    provenance: dict[str, JsonValue]
    records: list[dict[str, JsonValue]]
    problem: str | None = Field(description="Why no new campaign may use it, if so.")


class Pin(View):
    """An immutable record of which weights make sound."""

    id: str
    engine: str
    repo: str | None
    revision: str | None
    digest: str
    licence: str
    purposes: list[str]
    capabilities: dict[str, JsonValue]
    t_created_ms: int


class Channel(View):
    """A movable name for a pin."""

    name: str
    pin: str


class Promotion(View):
    """A move of a channel."""

    pin: Name
    reason: Name
    identity_confirmed_by: str = Field(
        default="", max_length=200, description="Who heard the voice and knows it."
    )
    override_by: str = Field(
        default="", max_length=200, description="Without a verdict, on this person's word."
    )
    gate: str = Field(default="", max_length=200)


class Rollback(View):
    """A move back."""

    reason: Name


class Move(View):
    """What a move did."""

    channel: str
    was: str | None
    now: str


class Lexicon(View):
    """One version of a lexicon."""

    name: str
    version: int
    scope: str
    entries: int
    digest: str


class Revocation(View):
    """What ended with a voice."""

    paused: list[str] = Field(description="Campaigns that were stopped.")
    delivered: int = Field(description="Files that hold the voice.")


class ChannelMove(View):
    """One move of a channel."""

    from_pin: str | None
    to_pin: str
    kind: str
    reason: str
    actor: str
    t_ms: int


class LexiconIn(View):
    """A lexicon as people write it: `written`, `alias` ... in columns."""

    text: str = Field(max_length=5_000_000, description="TSV, see docs/lexicons.md.")
    samples: str = Field(
        default="", max_length=1_000_000, description="`written~spoken` lines that must hold."
    )


class ErasureIn(View):
    """Whom to forget: one of the two."""

    recipient: str | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        description="The operator's own id; every campaign forgets it.",
    )
    campaign: CampaignId | None = None


class Erased(View):
    """What was erased of one campaign."""

    rows: int
    versions: int
    utterances: int
    shared: int


class Erasure(View):
    """What was erased, and what is still to go."""

    campaigns: dict[str, Erased]
    object_versions_removed: int
    still_to_be_removed: int
    problem: str | None


Fields = dict[
    Annotated[str, StringConstraints(max_length=200)], Annotated[str, StringConstraints(max_length=10_000)]
]


class RenderingIn(View):
    """One row to be read."""

    brief: BriefIn
    locale: str = Field(default="en", max_length=35)
    fields: Fields = Field(default={}, max_length=500)


class Rendering(View):
    """One row's message, from template to words."""

    template: str
    script: str = Field(description="As a person reads it.")
    spoken: str = Field(description="As it is said.")
    trace: dict[str, JsonValue] = Field(description="Each span with its reason.")


class PreviewIn(View):
    """Rows to be heard."""

    brief: BriefIn
    rows: list[Fields] = Field(min_length=1, max_length=20)


class Estimate(View):
    """What a campaign will take."""

    rows_by_outcome: dict[str, int]
    utterances: int = Field(description="Distinct ones.")
    utterances_cached: int
    seconds_to_make: float
    seconds_to_deliver: float
    expected_wall_s: float | None = Field(description="Null until this voice has made something here.")
    expected_cost: float
    currency: str
    saved_by_sharing: float


class Explanation(View):
    """Everything that is known of one row."""

    campaign: str
    row: int
    id: str | None
    locale: str
    status: str
    error: dict[str, JsonValue] | None
    fields: dict[str, JsonValue] | None
    script: str | None
    trace: dict[str, JsonValue]
    utterances: list[dict[str, JsonValue]]
    versions: list[dict[str, JsonValue]]


class NameRisk(View):
    """Why a name may be said wrongly."""

    code: str
    detail: str


class RankedName(View):
    """One distinct name."""

    value: str
    locale: str
    language: str
    rows: int
    first_row: int
    risk: int
    reasons: list[NameRisk]
    spoken: str
    in_lexicon: bool
    fix: str = Field(description="The line for a lexicon, its second cell to be filled in.")


class Names(View):
    """Names to check, the riskiest first."""

    distinct: int
    risky: int
    names: list[RankedName]


class ChangedRow(View):
    """A row that would sound otherwise."""

    row: int
    before: str
    after: str


class LexiconImpact(View):
    """What a lexicon would change."""

    rows: int
    changed: int
    seconds_to_make: float
    expected_cost: float
    currency: str
    examples: list[ChangedRow]


class ToHear(View):
    """One file for a person."""

    row: int
    version: int
    why: str
    locale: str
    duration_s: float
    url: str


class Verdict(View):
    """What a person says of files."""

    accepted: list[int] = Field(default=[], max_length=1000)
    rejected: list[int] = Field(default=[], max_length=1000)
    reason: str = Field(default="", max_length=500)


class Health(View):
    """Whether this process answers, or can work."""

    ok: bool
    problems: list[str] = []


class SpeechIn(View):
    """What to say. The fields of OpenAI's API of that name; further ones are this service's."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "example": {"model": "production", "voice": "demo-voice@1", "input": "Your code is A4-7731."}
        },
    )
    model: str = Field(
        default="", max_length=200, description="A pin or a channel; empty is the preset's own."
    )
    voice: str | dict[str, str] = Field(description='A preset, or {"id": preset}.')
    input: str = Field(min_length=1, max_length=4096)
    instructions: str | None = Field(
        default=None, max_length=4096, description="Refused: a preset is frozen."
    )
    response_format: Literal["mp3", "opus", "flac", "wav", "pcm"] = "mp3"
    speed: float = Field(default=1.0, ge=0.25, le=4.0)
    stream_format: Literal["audio", "sse"] | None = None
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z]{2})?$")
    purpose: Literal["commercial", "non-commercial", "research"] = "non-commercial"


class SpeechStatistics(View):
    """How it went."""

    id: str
    audio_s: float
    total_ms: float
    t_first_audio_ms: float
    real_time_factor: float
    utterances: int
    utterances_made: int
    characters: int
