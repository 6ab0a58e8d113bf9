"""What happens to rows in hand when the work on them raises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.errors import StoreUnavailableError
from storage.installation import Installation
from storage.queue import leases
from storage.queue.leases import ASSETS, UTTERANCES
from storage.records import Claim
from storage.tables import RowStatus, utterances
from tests import build
from workers.claims.holdings import Holdings
from workers.engines.engine import DeviceLostError, DeviceMemoryError, EngineError

WORKER = "me"


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path)
    yield made
    made.close()


@pytest.fixture
def claims(installed: Installation) -> list[Claim]:
    """Two of three utterances."""
    campaign = build.submitted(installed, build.people(3)).campaign
    with installed.database.write() as connection:
        return leases.claim(
            connection, UTTERANCES, campaign_id=campaign.id, worker=WORKER, lease_ms=60_000, limit=2
        )


def states(installed: Installation, claims: list[Claim]) -> set[tuple[str, bool]]:
    """(status, whether it is a suspect) of the claimed rows."""
    with installed.database.read() as connection:
        rows = connection.execute(
            select(utterances).where(utterances.c.key.in_([one.key for one in claims]))
        ).all()
    return {(row.status, row.expiries > 0) for row in rows}


def test_leases_are_renewed_as_long_as_the_rows_are_in_hand_and_no_longer(
    installed: Installation, claims: list[Claim]
) -> None:
    holdings = Holdings(installed.database, worker=WORKER)
    with holdings.holding(UTTERANCES, claims):
        assert set(holdings.keys(UTTERANCES)) == {one.key for one in claims}
        assert holdings.keys(ASSETS) == []
    assert holdings.keys(UTTERANCES) == []
    assert states(installed, claims) == {(RowStatus.CLAIMED, False)}


@pytest.mark.parametrize(
    ("problem", "is_suspect"),
    [
        (StoreUnavailableError("a timeout"), False),
        (EngineError("no weights"), False),
        (MemoryError(), False),
        (KeyboardInterrupt(), False),
        (DeviceLostError("the device is lost"), True),
        (DeviceMemoryError("the device has less memory than before"), False),
        (TypeError("nobody foresaw this"), True),
    ],
)
def test_rows_are_given_back_and_are_suspects_only_when_one_of_them_may_be_the_cause(
    installed: Installation, claims: list[Claim], problem: BaseException, is_suspect: bool
) -> None:
    holdings = Holdings(installed.database, worker=WORKER)
    with pytest.raises(type(problem)), holdings.holding(UTTERANCES, claims):
        raise problem
    assert states(installed, claims) == {(RowStatus.PENDING, is_suspect)}
    assert holdings.keys(UTTERANCES) == []
