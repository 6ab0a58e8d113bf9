"""A campaign that was submitted, gone through again: its brief, front end and rows as they were fixed then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from campaign.brief import Brief, LoadedBrief
from campaign.registry.lexicons import labelled_rules
from campaign.registry.voice import OWN
from campaign.speech.lexicon.samples import with_sounds
from campaign.submission.compose import PlannedRow, RawRow
from campaign.submission.lock import conventions_of
from campaign.submission.prepare import Prepared, resolve_brief
from storage.history import recipients as recipient_rows
from storage.installation import Installation
from storage.records import Campaign
from workers.requests import Spec

ROWS_AT_ONCE = 1_000


def brief_of(campaign: Campaign) -> Brief:
    """The brief of a campaign with the presets and the pin that it speaks with now: a re-make may have moved them."""
    return Brief.from_json(campaign.brief).revised(
        preset=campaign.preset,
        presets={voice: locked.label for voice, locked in campaign.lock.row_presets.items()},
        model=campaign.pin_id,
    )


def replayed(installation: Installation, campaign: Campaign) -> Prepared:
    """A campaign's brief made ready again, with the lexicons and conventions that it fixed.

    Whether it may still speak is not asked.
    """
    brief = brief_of(campaign)
    with installation.database.read() as connection:
        rules = labelled_rules(connection, brief)
    prepared = resolve_brief(installation, LoadedBrief(brief=brief, suppress=()), rules=rules)
    return prepared.reading(conventions_of(campaign.lock))


def kept_rows(installation: Installation, campaign: Campaign) -> Iterator[RawRow]:
    """The campaign's recipients, but for the erased; read in pages, so that no transaction stays open."""
    last = 0
    while True:
        with installation.database.read() as connection:
            page = recipient_rows.page(connection, campaign.id, after=last, limit=ROWS_AT_ONCE)
        if not page:
            return
        for recipient in page:
            if recipient.fields is not None:
                yield RawRow(
                    number=recipient.row,
                    external_id=recipient.external_id or "",
                    locale=recipient.locale,
                    fields=recipient.fields,
                    voice=recipient.voice or OWN,
                )
        last = page[-1].row


def words_of_row(row: PlannedRow) -> str:
    """What is said, or why nothing is."""
    if row.error is not None:
        return f"ERROR {row.error.code}"
    return words_said(utterance.spec for utterance in row.utterances)


def words_said(specs: Iterable[Spec]) -> str:
    """The words of utterances one after the other, with what the lexicon makes of them."""
    return " ".join(with_sounds(span) for spec in specs for span in spec.spans)
