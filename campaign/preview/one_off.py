"""Small campaigns on the preview lane: one text, or chosen rows, by the same path that sends thousands.

`say` and `preview` never call an engine: they submit rows, wait for them, and read the files back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from campaign.brief import Brief, LoadedBrief, Purpose
from campaign.errors import NotFoundError, NotMadeError
from campaign.operations.foreground import Watch, look, watch_until_done, work_until_done
from campaign.recipients import Recipients, open_recipients
from campaign.speech.lexicon.files import LexiconFile
from campaign.speech.templates import TemplateSource
from campaign.submission.header_stage import AS_THEY_ARE
from campaign.submission.submit import Submission, submit
from storage.history import delivery
from storage.history import recipients as recipient_rows
from storage.history.delivery import DeliveredRow
from storage.installation import Installation
from storage.names import CampaignId
from storage.records import Campaign
from storage.scratch import unnamed_file
from storage.tables import CampaignState, Lane
from workers.presets import standing


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedFile:
    """One file that was made, and what it says."""

    delivered: DeliveredRow
    script: str
    audio: bytes | None
    """None when the row has no file: `delivered` says why."""


def say(
    installation: Installation,
    text: str,
    *,
    preset: str,
    model: str,
    language: str,
    purpose: Purpose = Purpose.NON_COMMERCIAL,
    finish: Mapping[str, JsonValue],
    actor: str,
    watch: Watch,
    carrier: str = "{{ text }}",
    kind: str = "text",
    lexicons: Mapping[str, LexiconFile | None] | None = None,
    languages: Sequence[str] = (),
) -> PreviewedFile:
    """Speak one text, in a template and as a type; raises `NotMadeError` with code, reason and mend."""
    loaded = one_text(
        preset=preset,
        model=model,
        language=language,
        purpose=purpose,
        finish=finish,
        carrier=carrier,
        kind=kind,
        lexicons=lexicons,
        languages=languages,
    )
    files = _make(installation, loaded, [{"id": "1", "locale": language, "text": text}], actor, watch)
    if files[0].audio is None:
        row = files[0].delivered
        raise NotMadeError(f"{row.code}: {row.reason}")
    return files[0]


def one_text(
    *,
    preset: str,
    model: str,
    language: str,
    purpose: Purpose,
    finish: Mapping[str, JsonValue],
    carrier: str = "{{ text }}",
    kind: str = "text",
    lexicons: Mapping[str, LexiconFile | None] | None = None,
    languages: Sequence[str] = (),
    is_streamed: bool = False,
) -> LoadedBrief:
    """The brief of a campaign of one row with one column, `text`, for whoever is here to listen."""
    brief = Brief(
        name="say",
        languages=tuple(dict.fromkeys((language, *languages))),
        purpose=purpose,
        territories=(standing.NOWHERE,),
        preset=preset,
        model=model,
        lane=Lane.PREVIEW,
        templates={"default": TemplateSource(name="say.txt", text=carrier, language=language)},
        columns={"text": kind},
        lexicons=tuple(lexicons or ()),
        finish=finish,
        is_streamed=is_streamed,
    )
    files = {label: file for label, file in (lexicons or {}).items() if file is not None}
    return LoadedBrief(brief=brief, suppress=(), sends=False, lexicons=files)


def preview(
    installation: Installation,
    source: Recipients,
    loaded: LoadedBrief,
    numbers: Sequence[int],
    *,
    actor: str,
    watch: Watch,
) -> dict[int, PreviewedFile]:
    """Make the files of chosen rows of a recipients file; row number to what came of it."""
    row_numbers = set(numbers)
    chosen: dict[int, Mapping[str, str]] = {}
    for row in source.rows():
        if row.number in row_numbers:
            chosen[row.number] = row.fields
        if len(chosen) == len(row_numbers):
            break
    missing = sorted(row_numbers - set(chosen))
    if missing:
        raise NotFoundError(f"{source.label} has no row {missing[0]}. Rows count from 1 after the header.")
    brief = loaded.brief.revised(name=f"preview {loaded.brief.name}", lane=Lane.PREVIEW, suppress=())
    rows = list(chosen.values())
    files = _make(installation, replace(loaded, brief=brief, suppress=(), sends=False), rows, actor, watch)
    return dict(zip(chosen, files, strict=True))


def _make(
    installation: Installation,
    loaded: LoadedBrief,
    rows: Sequence[Mapping[str, str]],
    actor: str,
    watch: Watch,
) -> list[PreviewedFile]:
    submission = submit_rows(installation, loaded, rows, actor=actor)
    campaign = _finish(installation, submission, watch)
    return _pieces(installation, campaign)


def submit_rows(
    installation: Installation,
    loaded: LoadedBrief,
    rows: Sequence[Mapping[str, str]],
    *,
    actor: str,
    campaign_id: CampaignId | None = None,
    start: bool = True,
) -> Submission:
    """Submit rows that are at hand, by the way that files take."""
    with unnamed_file() as (spool, path):
        for row in rows:
            spool.write(json.dumps(row).encode() + b"\n")
        spool.flush()
        with open_recipients(str(path), encoding="utf-8", label="rows.jsonl") as source:
            return submit(
                installation,
                source,
                loaded,
                actor=actor,
                campaign_id=campaign_id,
                start=start,
                allow_slow=True,
                fit=AS_THEY_ARE,
            )


def _finish(installation: Installation, submission: Submission, watch: Watch) -> Campaign:
    campaign = submission.campaign
    if campaign.state != CampaignState.RUNNING:
        return campaign
    if installation.settings.is_embedded:
        return work_until_done(installation, campaign.id, watch)
    from workers.doorbell import open_bell

    open_bell(installation).ring(campaign.lane)
    watch_until_done(installation, campaign.id, watch, every_s=0.1)
    return look(installation, campaign.id)[0]


def _pieces(installation: Installation, campaign: Campaign) -> list[PreviewedFile]:
    with installation.database.read() as connection:
        rows = list(delivery.rows(connection, campaign.id))
        scripts = recipient_rows.scripts(connection, campaign.id)
    return [
        PreviewedFile(
            delivered=row,
            script=scripts.get(row.row) or "",
            audio=None if row.object_key is None else installation.store.get(row.object_key),
        )
        for row in rows
    ]
