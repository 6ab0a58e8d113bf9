"""Campaigns, their uploads, rows, files and runs."""

from __future__ import annotations

from pydantic import Field, JsonValue

from campaign.service.views.base import View
from storage.tables import CampaignState, IntakeState, Lane


class RowProblem(View):
    """A row that cannot be spoken."""

    row: int
    field: str | None
    code: str
    reason: str
    mend: str


class RowFault(View):
    """What is the matter with all rows that have one code in one column."""

    code: str
    column: str | None
    rows: int = Field(description="How many have it.")
    first_row: int
    reason: str = Field(description="Of the first of them; the others may have it for another value.")
    mend: str


class OptOutsMet(View):
    """What an opt-out list held and met."""

    list: str = Field(description="Its file's name; the installation's own is the last.")
    lines: int
    ids: int
    matched: int = Field(description="Ids that are in the recipients file.")
    respelled: int = Field(description="Of these, written otherwise there.")
    rows: int = Field(description="Of the recipients file, that get nothing for it.")
    unmatched: int = Field(description="Ids that are not in the recipients file.")


class Preflight(View):
    """What was found while the recipients were read, before any sound."""

    rows: int
    by_outcome: dict[str, int]
    by_language: dict[str, int]
    by_voice: dict[str, int] = Field(description="What rows say of their preset; empty where none may.")
    by_type: dict[str, int]
    by_warning: dict[str, int]
    faults: list[RowFault] = Field(description="Each once, those of the most rows first; at most 100.")
    problems: list[RowProblem] = Field(description="The first ones; `errors.csv` has them all.")
    duplicates: list[dict[str, int]]
    opt_outs: list[OptOutsMet]
    found: str = Field(description="What the file turned out to be, and what of it was left out.")
    notes: list[str] = Field(description="What was passed over, a sentence each.")


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


class Amended(View):
    """What became of mended rows."""

    campaign: str
    state: CampaignState
    by_outcome: dict[str, int] = Field(description="Of the rows that came; `pending` ones are made now.")
    in_already: int = Field(description="Rows that an earlier amendment brought.")
    put_back: dict[str, int] = Field(description="Cells that a spreadsheet had changed, by column.")
    refused: int = Field(
        description="Rows of the campaign that are refused now; `rows-to-mend.csv` has them."
    )
    problems: list[RowProblem] = Field(description="The first ones; `errors.csv` has them all.")


class Campaign(View):
    """A campaign and its counts, at most 2 s old."""

    id: str
    name: str
    state: CampaignState
    reason: str | None
    report_problem: str | None = Field(description="Why manifest and report are not out, at the last try.")
    lane: Lane
    purpose: str
    preset: str
    presets: dict[str, str] = Field(description="Of rows that ask for one: what a row says, and the preset.")
    pin: str
    source: str
    rows: int | None
    opt_outs: list[OptOutsMet] = Field(description="As its rows were read.")
    by_status: dict[str, int]
    utterances_by_status: dict[str, int]
    t_created_ms: int
    t_start_ms: int | None = Field(description="When a campaign that is held starts by itself.")
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
    captions: dict[str, str] = Field(
        default_factory=dict,
        description="Format to path of its captions in this service; empty where the brief asked for none.",
    )


class AssetPage(View):
    """Delivered files in the order of the rows."""

    assets: list[Asset]
    next: int | None


class RunPage(View):
    """Run descriptors as `campaign runs export` writes them."""

    runs: list[dict[str, JsonValue]]
    next: int | None
