"""What an author tries out."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints

from campaign.brief import BriefTable
from campaign.service.views.base import Tag, View

Fields = dict[
    Annotated[str, StringConstraints(max_length=200)], Annotated[str, StringConstraints(max_length=10_000)]
]


class RenderingIn(View):
    """One row to be read."""

    brief: BriefTable
    locale: Tag = Field(default="en", max_length=35)
    fields: Fields = Field(default={}, max_length=500)


class Rendering(View):
    """One row's message, from template to words."""

    template: str
    script: str = Field(description="As a person reads it.")
    spoken: str = Field(description="As it is said.")
    trace: dict[str, JsonValue] = Field(description="Each span with its reason.")


class PreviewIn(View):
    """Rows to be heard."""

    brief: BriefTable
    rows: list[Fields] = Field(min_length=1, max_length=20)


class ListeningEstimate(View):
    """Who will listen to the files, and what that takes."""

    recogniser: str = Field(description="Empty where nobody will.")
    share: float = Field(description="Of the rows.")
    seconds_to_hear: float = Field(description="Of sound, at most.")
    cpu_seconds: float
    why_not: str
    opinion: str = Field(description="Who predicts how people would rate them; empty where nobody does.")
    opinion_cpu_seconds: float
    line: str = Field(
        description="Over which line files are heard, in words; empty where they are heard as they are."
    )
    second: str = Field(description="Who hears beside the recogniser, in words, where there is a line.")
    uncalibrated: list[str] = Field(description="Presets that who listens was not calibrated for.")
    calibrate: str = Field(description="The commands that calibrate it.")


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
    listening: ListeningEstimate
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
    carrier: str = Field(description="A sentence to hear it in; `{{ text }}` is the name.")
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


class Stretch(View):
    """Words that were not heard as they were to be said."""

    at_s: float = Field(description="About when, in the file.")
    said: str
    heard: str = Field(description="Either is empty where nothing stands against the other.")
    kind: str = Field(description="Of the value that it touches; empty: words of the template.")
    column: str
    nats: float | None = Field(
        description="How much likelier what was heard is; null where it was not weighed."
    )
    said_at: tuple[int, int] = Field(description="Characters of the sentence's `said`.")
    heard_at: tuple[int, int] = Field(description="Characters of its `heard`.")


class Sentence(View):
    """One sentence of a held file."""

    at_s: float
    verdict: str
    said: str = Field(description="As it was to be said.")
    heard: str = Field(description="Empty where it could not be judged.")
    mishap: str = Field(
        description="What happened to it where that has a name: `missing`, `cut-end`, `said-twice`, `other-language`."
    )
    language: str = Field(description="Primary, where it is in another one than it was to be.")
    stretches: list[Stretch]


class ToHear(View):
    """One file for a person."""

    row: int
    version: int
    why: str
    locale: str
    duration_s: float
    url: str
    held: str = Field(description="The code of a file that is delivered once it is accepted; empty: it was.")
    sentences: list[Sentence] = Field(description="Of a held one.")


class CaptionWord(View):
    """A word and when it is heard, in milliseconds of the file."""

    text: str
    from_ms: int
    to_ms: int


class Caption(View):
    """Some words of a file, in order."""

    text: str
    from_ms: int
    to_ms: int
    words: list[CaptionWord] | None = Field(description="Null where nobody tells when they are heard.")


class Verdict(View):
    """What a person says of files."""

    accepted: list[int] = Field(default=[], max_length=1000)
    rejected: list[int] = Field(default=[], max_length=1000)
    reason: str = Field(default="", max_length=500)
