"""What an author tries out before a campaign is sent: renderings, examples, names, cost. Nothing here sends anything.

Sound is made by the preview lane, by the very path that will send, so what was heard here is not made again later.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from campaign.brief import LoadedBrief
from campaign.errors import ConflictError
from campaign.preview.names import NameValue, RankedName, name_columns, rank_names
from campaign.preview.one_off import submit_rows
from campaign.speech.front_end import FrontEnd
from campaign.submission.lock import conventions_of
from campaign.submission.prepare import prepare_brief
from campaign.submission.replay import brief_of, kept_rows, replayed
from campaign.submission.submit import Submission
from campaign.submission.written_columns import undecided_numbers
from storage.installation import Installation
from storage.names import CampaignId
from storage.records import Campaign
from storage.tables import CampaignState, Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """One row's message, from template to words."""

    template: str
    script: str
    """As a person reads it."""
    spoken: str
    """As it is said."""
    trace: Mapping[str, Any]
    """Each span with its reason."""


def render(
    installation: Installation, loaded: LoadedBrief, locale: str, fields: Mapping[str, str]
) -> Rendering:
    """What one recipient would hear; raises `RowError` and what `prepare_brief` raises.

    Makes no sound, writes nothing.
    """
    prepared = prepare_brief(installation, loaded, allow_slow=True)
    conventions = replace(prepared.conventions, numbers=undecided_numbers(prepared.brief))
    prepared = prepared.reading(conventions)
    composition = FrontEnd(prepared.front_end).compose(locale=locale, fields=fields)
    source = loaded.brief.templates.get(locale) or next(iter(loaded.brief.templates.values()))
    return Rendering(
        template=source.text,
        script=composition.script,
        spoken=composition.spoken_text,
        trace=composition.trace.as_json(),
    )


def try_rows(
    installation: Installation,
    loaded: LoadedBrief,
    rows: Sequence[Mapping[str, str]],
    *,
    actor: str,
    numbers: Mapping[str, str] | None = None,
) -> Submission:
    """Speak a few rows on the preview lane; the campaign that does it has a name of its own.

    `numbers` are the ways in which the columns write their numbers, of the file that the rows are from; without it a
    number of two readings is its row's error.
    """
    brief = loaded.brief.revised(name=f"preview {loaded.brief.name}", lane=Lane.PREVIEW, suppress=())
    return submit_rows(
        installation,
        replace(loaded, brief=brief, suppress=(), sends=False),
        rows,
        actor=actor,
        campaign_id=CampaignId(f"preview-{uuid.uuid4().hex}"),
        numbers=undecided_numbers(brief) if numbers is None else numbers,
    )


def examples(installation: Installation, campaign: Campaign, count: int, *, actor: str) -> Submission:
    """Speak the first rows of a campaign that waits to be started, one of each locale first."""
    if campaign.state == CampaignState.DRAFT:
        raise ConflictError(f"campaign {campaign.id} is still being read. Wait for its preflight.")
    brief = brief_of(campaign)
    rows = [
        {**fields, brief.id_column: f"example-{number}", brief.locale_column: locale}
        for number, (locale, fields) in enumerate(_chosen(installation, campaign, count), start=1)
    ]
    numbers = conventions_of(campaign.lock).numbers
    return try_rows(installation, LoadedBrief(brief=brief, suppress=()), rows, actor=actor, numbers=numbers)


def _chosen(
    installation: Installation, campaign: Campaign, count: int
) -> list[tuple[str, Mapping[str, str]]]:
    """The first row of each locale, then the first others."""
    first: dict[str, Mapping[str, str]] = {}
    others: list[tuple[str, Mapping[str, str]]] = []
    for number, row in enumerate(kept_rows(installation, campaign)):
        if row.locale not in first:
            first[row.locale] = row.fields
        elif len(others) < count:
            others.append((row.locale, row.fields))
        if number >= 1_000 or len(first) >= count:
            break
    return [*first.items(), *others][:count]


def names_to_check(installation: Installation, campaign: Campaign) -> list[RankedName]:
    """The distinct names of a campaign's rows, the riskiest first."""
    prepared = replayed(installation, campaign)
    columns = name_columns(prepared.brief.column_specs(), ())
    return rank_names(_names(installation, campaign, columns), prepared.front_end)


def _names(installation: Installation, campaign: Campaign, columns: Sequence[str]) -> Iterator[NameValue]:
    for row in kept_rows(installation, campaign):
        for column in columns:
            if value := row.fields.get(column, "").strip():
                yield NameValue(row=row.number, locale=row.locale, value=value)
