"""A campaign that was submitted, walked again: its brief, its rows and its front end as they were fixed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from campaign.brief import Brief
from campaign.registry.lexicons import labelled_rules
from campaign.registry.voice import choose_voice
from campaign.speech.front_end import FrontEndConfig
from campaign.speech.lexicon.samples import with_sounds
from campaign.submission.compose import PlannedRow, RawRow
from campaign.submission.lock import front_end_config
from storage.installation import Installation
from storage.records import Campaign
from storage.tables import recipients
from workers.requests import spans_of

ROWS_AT_ONCE = 1_000


def raw_rows(installation: Installation, campaign: Campaign) -> Iterator[RawRow]:
    """The campaign's recipients, but for the erased; read in pages, so that no transaction stays open."""
    last = 0
    query = select(
        recipients.c.row, recipients.c.external_id, recipients.c.locale, recipients.c.fields
    ).where(recipients.c.campaign_id == campaign.id)
    while True:
        page = query.where(recipients.c.row > last).order_by(recipients.c.row).limit(ROWS_AT_ONCE)
        with installation.database.read() as connection:
            found = connection.execute(page).all()
        if not found:
            return
        for row in found:
            if row.fields is not None:
                yield RawRow(
                    number=row.row, external_id=row.external_id or "", locale=row.locale, fields=row.fields
                )
        last = found[-1].row


def words_of_row(row: PlannedRow) -> str:
    """What is said, or why nothing is."""
    if row.error is not None:
        return f"ERROR {row.error.code}"
    spans = [span for one in row.utterances for span in spans_of(one.spec)]
    return " ".join(with_sounds(span) for span in spans)


def front_end_of(installation: Installation, brief: Brief) -> FrontEndConfig:
    """The text front end of a brief that is fixed already."""
    with installation.database.read() as connection:
        chosen = choose_voice(connection, brief)
        lexicons = labelled_rules(connection, brief)
    return front_end_config(brief, chosen, installation.settings, lexicons)
