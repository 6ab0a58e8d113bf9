"""Small campaigns on the preview lane: one text, or chosen rows, by the same path that sends thousands.

`say` and `preview` never call an engine: they submit rows, wait for them, and read the files back.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from pydantic import JsonValue

from campaign.brief import Brief, LoadedBrief, Purpose
from campaign.errors import NotFoundError, NotMadeError, RecipientsError
from campaign.operations.foreground import Watch, look, watch_until_done, work_until_done
from campaign.recipients import Recipients, open_recipients
from campaign.results.row_lists import NoList
from campaign.speech.lexicon.files import LexiconFile
from campaign.speech.templates import TemplateSource
from campaign.submission.compose import compose_rows
from campaign.submission.draft import Tally, marked_rows
from campaign.submission.header_stage import AS_THEY_ARE, fit_columns
from campaign.submission.opt_outs import OptOuts
from campaign.submission.prepare import prepare_brief
from campaign.submission.replay import words_said
from campaign.submission.risk import Riskiest
from campaign.submission.scratch import SeenIds
from campaign.submission.submit import Submission, submit
from campaign.submission.written_columns import number_formats
from storage.history import delivery
from storage.history import recipients as recipient_rows
from storage.history import rows as explained
from storage.history.delivery import DeliveredRow
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.scratch import unnamed_file
from storage.tables import CampaignState, Lane
from workers.presets import standing
from workers.requests import Spec

LOOKED_AT = 2_000
"""Rows among which a preview chooses: enough for every language of most files, composed in a second or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedFile:
    """One file that was made, and what it says."""

    delivered: DeliveredRow
    script: str
    spoken: str
    """As it is said."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRows:
    """Rows to hear."""

    numbers: tuple[int, ...]
    looked_at: int
    """Rows among which they were chosen: the first of the file."""
    is_all: bool
    """Whether the file has no more."""


def rows_to_hear(
    installation: Installation, source: Recipients, loaded: LoadedBrief, count: int
) -> ChosenRows:
    """Of the first rows of a file those in which most can go wrong, every language at least once.

    Where none of them can be spoken, the first. Raises `RecipientsError` for a file without rows, and what
    `prepare_brief` raises.
    """
    fit = fit_columns(loaded, source)
    prepared = prepare_brief(installation, loaded, allow_slow=True)
    written = number_formats(loaded, source, fit)
    prepared = prepared.reading(replace(prepared.conventions, numbers=written))
    brief = prepared.brief
    riskiest = Riskiest(brief.column_specs(), count)
    rows = source.rows()
    first: list[int] = []
    looked_at = 0
    with (
        contextlib.closing(OptOuts((), brief.id_column)) as nobody,
        contextlib.closing(SeenIds()) as ids,
    ):
        few = islice(rows, LOOKED_AT)
        raw = marked_rows(few, brief, fit, Tally(), NoList(), ids, nobody, None)
        for chunk in compose_rows(raw, prepared.row_voices, processes=1):
            for row in chunk:
                looked_at += 1
                riskiest.add(row)
                if len(first) < count:
                    first.append(row.raw.number)
    if not looked_at:
        raise RecipientsError(f"{source.label} has no rows. There is nothing to preview.")
    numbers = tuple(row.row for row in riskiest.rows()) or tuple(first)
    return ChosenRows(numbers=numbers, looked_at=looked_at, is_all=next(rows, None) is None)


def preview(
    installation: Installation,
    source: Recipients,
    loaded: LoadedBrief,
    numbers: Sequence[int],
    *,
    actor: str,
    watch: Watch,
) -> dict[int, PreviewedFile]:
    """Make the files of chosen rows of a recipients file; row number to what came of it.

    Raises `HeaderError`: its columns serve the brief as they do when the file is sent.
    """
    fit = fit_columns(loaded, source)
    written = number_formats(loaded, source, fit)
    row_numbers = set(numbers)
    chosen: dict[int, Mapping[str, str]] = {}
    for row in source.rows():
        if row.number in row_numbers:
            chosen[row.number] = fit.fields(row)
        if len(chosen) == len(row_numbers):
            break
    missing = sorted(row_numbers - set(chosen))
    if missing:
        raise NotFoundError(f"{source.label} has no row {missing[0]}. Rows count from 1 after the header.")
    brief = loaded.brief.revised(name=f"preview {loaded.brief.name}", lane=Lane.PREVIEW, suppress=())
    rows = list(chosen.values())
    loaded = replace(loaded, brief=brief, suppress=(), sends=False)
    files = _make(installation, loaded, rows, actor, watch, numbers=written)
    return dict(zip(chosen, files, strict=True))


def _make(
    installation: Installation,
    loaded: LoadedBrief,
    rows: Sequence[Mapping[str, str]],
    actor: str,
    watch: Watch,
    *,
    numbers: Mapping[str, str] | None = None,
) -> list[PreviewedFile]:
    submission = submit_rows(installation, loaded, rows, actor=actor, numbers=numbers)
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
    numbers: Mapping[str, str] | None = None,
) -> Submission:
    """Submit rows that are at hand, by the way that files take.

    `numbers` are the ways in which the columns write their numbers, of the file that the rows are from.
    """
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
                fit=replace(AS_THEY_ARE, numbers=numbers or {}),
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
        spoken = {
            row.row: words_said(
                Spec.from_json(one.spec)
                for one in explained.utterances_of(
                    connection, campaign_rows.asset_id(campaign.number, row.row)
                )
            )
            for row in rows
        }
    return [
        PreviewedFile(
            delivered=row,
            script=scripts.get(row.row) or "",
            spoken=spoken[row.row],
            audio=None if row.object_key is None else installation.store.get(row.object_key),
        )
        for row in rows
    ]
