"""`campaign submit`: a recipients file and a brief become a campaign that workers can see.

    choose the voice -> find or draft the campaign -> read, compose and write rows -> publish -> ring

A draft is out of every worker's sight until its last row is in; a submit that is killed goes on where it was when
the same command comes again. The same content under the same id is the same campaign, and makes no sound twice.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from sqlalchemy import Connection

from campaign.brief import Brief, LoadedBrief, OnError
from campaign.errors import BadRowsError, ConflictError
from campaign.registry.lexicons import fixed, keep_files
from campaign.registry.voice import ChosenVoice, check_use, choose_voice, install_shipped
from campaign.speech.revision import SPEECH_REVISION
from campaign.submission.draft import Listener, Silence, Tally, drop_draft, write_draft
from campaign.submission.lock import brief_disclosure, lock_of, refuse_unmarkable
from campaign.submission.preflight import refuse_slow_text, refuse_voiceless
from campaign.submission.recipients import Recipients
from storage.canonical import digest
from storage.history import audit
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.session import Database, one_at_a_time
from storage.tables import CampaignState, Lane, RowStatus
from workers.finish import FINISH_REVISION, FinishProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What `submit` answers."""

    campaign: Campaign
    tally: Tally
    is_new: bool
    """False when the same content was there already."""


def campaign_id_of(brief: Brief, content_digest: str) -> str:
    """The default id: the brief's name for people, the content's digest for machines."""
    slug = re.sub(r"[^a-z0-9]+", "-", brief.name.lower()).strip("-")[:40] or "campaign"
    return f"{slug}-{content_digest[:10]}"


def submit(
    installation: Installation,
    source: Recipients,
    loaded: LoadedBrief,
    *,
    actor: str,
    campaign_id: str | None = None,
    new: bool = False,
    start: bool = True,
    allow_slow: bool = False,
    listener: Listener | None = None,
) -> Submission:
    """Make the campaign visible to workers, whole; returns it, new or as it was.

    Raises `ConflictError` when the id has other content, `InputError` before the first row, `RowErrorsFound` when
    bad rows are to stop it. After any exception no half campaign is visible. `allow_slow` accepts a text front end
    that runs as plain Python.
    """
    if not allow_slow:
        refuse_slow_text(loaded.brief)
    brief = loaded.brief
    refuse_unmarkable(installation.settings, FinishProfile.from_mapping(brief.finish))
    database = installation.database
    with database.write() as connection:
        one_at_a_time(connection, "submit")
        install_shipped(connection)
        chosen = choose_voice(connection, brief)
        refuse_voiceless(loaded.brief, chosen)
        brief_disclosure(brief)
        loaded = fixed(connection, loaded, chosen)
    brief = loaded.brief
    content = digest({"brief": brief.digest, "recipients": source.sha256})
    found, campaign_id = _find(database, campaign_id or campaign_id_of(brief, content), content, new=new)
    if found is not None and found.state != CampaignState.DRAFT:
        return Submission(campaign=found, tally=Tally(), is_new=False)
    with database.read() as connection:
        check_use(connection, chosen, brief)
    if found is None:
        with database.write() as connection:
            one_at_a_time(connection, "submit")
            keep_files(connection, loaded.lexicons.values())
            found = campaign_rows.find(connection, campaign_id)  # another submit of it, at this moment
            if found is None or found.content_digest != content:
                found = create_draft(connection, loaded, chosen, campaign_id, content, source.label)
                audit.note(connection, "submit", campaign_id, actor=actor, content=content)
    tally = write_draft(installation, database, found, source, loaded, chosen, listener or Silence())
    bad = tally.by_outcome.get(RowStatus.FAILED, 0)
    if bad and brief.on_error == OnError.REJECT:
        drop_draft(database, found.id)
        raise RowErrorsFound(tally)
    with database.write() as connection:
        campaign_rows.publish(connection, found.id, rows_total=tally.rows, start=start)
        published = campaign_rows.get(connection, found.id)
    return Submission(campaign=published, tally=tally, is_new=True)


class RowErrorsFound(BadRowsError):  # noqa: N818 - reads as what happened
    """Some rows are bad and `--on-error reject` says that nothing is submitted then."""

    def __init__(self, tally: Tally) -> None:
        bad = tally.by_outcome.get(RowStatus.FAILED, 0)
        super().__init__(
            f"{bad} of {tally.rows} rows cannot be spoken, so nothing was submitted. "
            "Mend them, or submit the others with --on-error skip."
        )
        self.tally = tally


def _find(database: Database, campaign_id: str, content: str, *, new: bool) -> tuple[Campaign | None, str]:
    """The campaign of that id if its content is the same; with `new`, the next free id."""
    with database.read() as connection:
        found = campaign_rows.find(connection, campaign_id)
        if not new or found is None:
            if found is not None and found.content_digest != content:
                raise ConflictError(
                    f"campaign {campaign_id} exists with other content. Use another --id, or --new for another one."
                )
            return found, campaign_id
        number = 2
        while campaign_rows.find(connection, f"{campaign_id}-{number}") is not None:
            number += 1
        return None, f"{campaign_id}-{number}"


def create_draft(
    connection: Connection,
    loaded: LoadedBrief,
    chosen: ChosenVoice,
    campaign_id: str,
    content: str,
    label: str,
) -> Campaign:
    brief = loaded.brief
    profile = FinishProfile.from_mapping(brief.finish)
    return campaign_rows.create(
        connection,
        id=campaign_id,
        lane=Lane(brief.lane),
        name=brief.name,
        purpose=brief.purpose,
        content_digest=content,
        brief=brief.as_json(),
        lock=lock_of(brief, chosen, profile, loaded.rules),
        preset=chosen.preset.label,
        pin_id=chosen.pin.id,
        engine=chosen.pin.engine,
        engine_revision=chosen.voice.engine_revision,
        speech_revision=SPEECH_REVISION,
        finish_revision=FINISH_REVISION,
        finish_profile=dict(brief.finish),
        error_budget=brief.error_budget,
        source=label,
        trace_id=uuid.uuid4().hex,
    )
