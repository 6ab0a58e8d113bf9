"""Planned rows as the tables keep them: each utterance once, shared ones first, and nothing a database cannot hold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from campaign.errors import FieldError
from campaign.submission.compose import PlannedRow, RawRow
from campaign.submission.insert import insert_chunk, insert_replanned_utterances, row_status_of
from campaign.submission.plan import PlannedUtterance
from storage.errors import DuplicateRowError
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.tables import RowStatus, asset_utterances, assets, recipients, utterances
from tests import build
from workers.engines.engine import SpokenSpan
from workers.requests import Spec

SECRET = b"s" * 32
BAD = FieldError("bad-field", "no \x00 such name", mend="correct \ud800 it", column="na\x00me")


def utterance(key: str) -> PlannedUtterance:
    return PlannedUtterance(
        key=key * 64, spec=Spec((SpokenSpan(text="abc", language="en"),)), pause_after_ms=None
    )


def row(number: int, *keys: str, **changes: object) -> PlannedRow:
    raw = RawRow(number=number, external_id=f"id-{number}", locale="en", fields={"name": "Ana"})
    planned = PlannedRow(raw=raw, language="en", script="Hello.", utterances=tuple(map(utterance, keys)))
    return replace(planned, **changes)  # type: ignore[arg-type]


@pytest.fixture
def draft(installed: Installation) -> Campaign:
    """A campaign whose rows were taken out again."""
    campaign = build.submitted(installed, build.people(1), start=False).campaign
    with installed.database.write() as connection:
        for table in (assets, recipients, utterances):
            connection.execute(delete(table))
    return campaign


def inserted(installed: Installation, draft: Campaign, *chunk: PlannedRow) -> None:
    with installed.database.write() as connection:
        insert_chunk(connection, draft, list(chunk), secret=SECRET)


@pytest.mark.parametrize(
    ("planned", "status"),
    [
        (row(1, "a"), RowStatus.PENDING),
        (row(1, error=BAD), RowStatus.FAILED),
        (replace(row(1), raw=replace(row(1).raw, suppressed="duplicate")), RowStatus.SUPPRESSED),
    ],
)
def test_row_is_what_became_of_its_text(planned: PlannedRow, status: RowStatus) -> None:
    assert row_status_of(planned) is status


def test_shared_utterance_is_kept_once_where_it_came_first(installed: Installation, draft: Campaign) -> None:
    inserted(installed, draft, row(2, "a", "b"), row(3, "a", "c"))
    inserted(installed, draft, row(4, "a", "b"))
    with installed.database.read() as connection:
        ranks = dict(connection.execute(select(utterances.c.key, utterances.c.rank)).tuples().all())
        places = connection.execute(
            select(asset_utterances.c.asset_id, asset_utterances.c.utterance_key).order_by(
                asset_utterances.c.asset_id, asset_utterances.c.position
            )
        ).all()
    assert ranks == {"a" * 64: 2 << 12, "b" * 64: 2 << 12 | 1, "c" * 64: 3 << 12 | 1}
    ids = [campaign_rows.asset_id(draft.number, number) for number in (2, 3, 4)]
    assert [(asset, key[0]) for asset, key in places] == [
        (ids[0], "a"),
        (ids[0], "b"),
        (ids[1], "a"),
        (ids[1], "c"),
        (ids[2], "a"),
        (ids[2], "b"),
    ]


def test_bad_row_keeps_its_reason_without_what_no_database_holds(
    installed: Installation, draft: Campaign
) -> None:
    raw = replace(row(1).raw, external_id="a\x00", fields={"na\x00me": "\ud800"})
    inserted(installed, draft, replace(row(1, error=BAD), raw=raw))
    with installed.database.read() as connection:
        kept = connection.execute(select(assets)).one()
        person = connection.execute(select(recipients)).one()
    assert (kept.status, kept.code, kept.column) == (RowStatus.FAILED, "bad-field", "na\ufffdme")
    assert kept.reason == "no \ufffd such name (correct ? it)"
    assert (person.external_id, person.fields) == ("a\ufffd", {"na\ufffdme": "?"})


def test_two_rows_with_the_same_id_have_two_names_outside_and_two_salts(
    installed: Installation, draft: Campaign
) -> None:
    same = [replace(row(number), raw=replace(row(number).raw, external_id="x")) for number in (1, 2)]
    inserted(installed, draft, *same)
    with installed.database.read() as connection:
        first, second = connection.execute(select(recipients)).all()
    assert first.hmac != second.hmac
    assert first.salt != second.salt
    assert len(first.salt) == 16


def test_row_that_is_in_already_is_no_second_one(installed: Installation, draft: Campaign) -> None:
    inserted(installed, draft, row(1, "a"))
    with pytest.raises(DuplicateRowError):
        inserted(installed, draft, row(1, "a"))


def test_planning_again_adds_utterances_and_leaves_those_that_are_there(
    installed: Installation, draft: Campaign
) -> None:
    inserted(installed, draft, row(1, "a"))
    with installed.database.write() as connection:
        connection.execute(utterances.update().values(status=RowStatus.STORED))
        insert_replanned_utterances(connection, draft, [row(1, "a", "b")])
        states = dict(connection.execute(select(utterances.c.key, utterances.c.status)).tuples().all())
        assert connection.execute(select(asset_utterances)).all()[1:] == []
    assert states == {"a" * 64: RowStatus.STORED, "b" * 64: RowStatus.PENDING}
