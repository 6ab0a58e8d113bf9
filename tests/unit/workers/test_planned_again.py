"""Sound that was found lost by somebody else: an asset that was ready for it waits, and blames no store."""

from __future__ import annotations

from sqlalchemy import select

from storage.installation import Installation
from storage.queue import utterances as utterance_rows
from storage.tables import RowStatus, assets, utterances
from tests import build
from workers.pipeline import Pipeline
from workers.resources import WorkerResources


def test_asset_waits_for_an_utterance_that_was_planned_again_since_it_was_woken(
    installed: Installation,
) -> None:
    campaign = build.submitted(installed, build.people(1)).campaign
    resources = WorkerResources(installed)
    pipeline = Pipeline(resources)
    assert pipeline.synthesise() == 1
    with installed.database.write() as connection:
        key = connection.execute(select(utterances.c.key)).scalar_one()
        utterance_rows.reopen(connection, [key], campaign_id=campaign.id)
    assert pipeline.finish() == 1
    with installed.database.read() as connection:
        row = connection.execute(select(assets)).one()
    assert (row.status, row.watch, row.retries, row.code) == (RowStatus.PENDING, key, 0, None)
    assert (pipeline.synthesise(), pipeline.finish()) == (1, 1)
    with installed.database.read() as connection:
        assert connection.execute(select(assets.c.status)).scalar_one() == RowStatus.STORED
    resources.close()
