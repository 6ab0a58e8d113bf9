"""Webhooks: signed as Standard Webhooks says, retried through the table, and never sent inwards."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from campaign.operations.control import pause
from campaign.operations.erase import erase_recipient
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.tables import CampaignState, events, webhook_deliveries
from tests import build
from tests.servers.receiver import Receiver, webhook_receiver
from workers.outbound.addresses import is_public
from workers.outbound.attempt import WebhookError, target_of
from workers.outbound.deliveries import deliver_due
from workers.outbound.webhooks import signature, signing_secret


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with webhook_receiver() as made:
        yield made


def told(home: Path, receiver: Receiver, **settings: Any) -> Installation:
    return build.installation(home, webhook_urls=[receiver.url], webhook_allow_private=True, **settings)


def send(installation: Installation) -> int:
    return deliver_due(installation.database, installation.settings)


def due_again(installation: Installation) -> None:
    with installation.database.write() as connection:
        connection.execute(update(webhook_deliveries).values(not_before_ms=0))


def test_a_campaign_s_states_are_told_signed_and_without_personal_data(
    tmp_path: Path, receiver: Receiver
) -> None:
    installation = told(tmp_path / "home", receiver)
    campaign_id = build.submitted(installation, build.people(2)).campaign.id
    build.worked(installation, campaign_id)
    assert receiver.types == ["campaign.validated", "campaign.running", "campaign.finished"]
    headers, body = receiver.heard[-1]
    document = json.loads(body)
    assert document["data"] == {
        "campaign": campaign_id,
        "state": "finished",
        "was": "running",
        "rows": {"stored": 2},
    }
    secret = base64.b64decode(signing_secret(installation.settings).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert "person-1" not in str(receiver.heard)
    assert send(installation) == 0


def test_signature_is_the_standard_s_own_example() -> None:
    # https://github.com/standard-webhooks/standard-webhooks, the libraries' test
    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp=1614265330,
            body=b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
    with pytest.raises(WebhookError, match="whsec_"):
        signature("whsec_!", message_id="m", timestamp=1, body=b"")


def test_what_fails_is_sent_again_with_the_same_id_and_nothing_is_lost(
    tmp_path: Path, receiver: Receiver
) -> None:
    installation = told(tmp_path / "home", receiver)
    build.submitted(installation, build.people(1), start=False)
    receiver.answers = [503, 302]
    assert send(installation) == 0
    with installation.database.read() as connection:
        row = connection.execute(select(webhook_deliveries)).one()
    assert (row.attempts, row.problem) == (1, "answered 503: ")
    assert send(installation) == 0
    assert len(receiver.heard) == 1
    for arrived in (0, 1):
        due_again(installation)
        assert send(installation) == arrived
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 1
    assert len({body for _, body in receiver.heard}) == 1


def test_a_receiver_that_is_gone_or_never_answers_is_given_up(tmp_path: Path, receiver: Receiver) -> None:
    installation = told(tmp_path / "home", receiver)
    build.submitted(installation, build.people(1), start=False)
    receiver.answers = [410]
    send(installation)
    due_again(installation)
    assert send(installation) == 0
    assert len(receiver.heard) == 1
    with installation.database.write() as connection:
        connection.execute(update(webhook_deliveries).values(t_given_up_ms=None, attempts=0))
    receiver.answers = [500] * 20
    for _ in range(12):
        due_again(installation)
        send(installation)
    assert len(receiver.heard) == 1 + 8


def test_pause_is_told_and_nothing_after_it(tmp_path: Path, receiver: Receiver) -> None:
    installation = told(tmp_path / "home", receiver)
    campaign_id = build.submitted(installation, build.people(1)).campaign.id
    pause(installation, campaign_id, reason="by hand", actor="test")
    send(installation)
    assert receiver.types == ["campaign.validated", "campaign.running", "campaign.paused"]
    send(installation)
    assert len(receiver.heard) == 3


def test_a_state_that_is_rolled_back_is_told_to_nobody(tmp_path: Path, receiver: Receiver) -> None:
    installation = told(tmp_path / "home", receiver)
    campaign_id = build.submitted(installation, build.people(1), start=False).campaign.id
    with pytest.raises(RuntimeError), installation.database.write() as connection:
        campaign_rows.move(connection, campaign_id, CampaignState.RUNNING)
        raise RuntimeError("rolled back")
    send(installation)
    assert receiver.types == ["campaign.validated"]


def test_an_erasure_tells_the_cdn_s_hook_which_urls_and_forgets_them(
    tmp_path: Path, receiver: Receiver
) -> None:
    installation = told(tmp_path / "home", receiver)
    campaign_id = build.submitted(installation, build.people(2)).campaign.id
    build.worked(installation, campaign_id)
    url = build.manifest(installation.store, campaign_id)[0]["url"]
    erase_recipient(installation, "person-1", actor="test")
    send(installation)
    document = json.loads(receiver.heard[-1][1])
    assert document["type"] == "objects.erased"
    assert [one for one in document["data"]["urls"] if one.endswith(url)] == document["data"]["urls"]
    with installation.database.read() as connection:
        bodies = connection.scalars(select(events.c.body).where(events.c.kind == "objects.erased"))
        assert list(bodies) == [{"rows": 1}]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://127.0.0.1/hook", "no public address"),
        ("https://localhost/hook", "no public address"),
        ("https://10.1.2.3/hook", "no public address"),
        ("https://169.254.169.254/latest/meta-data", "no public address"),
        ("https://[::1]/hook", "no public address"),
        ("https://[::ffff:10.0.0.1]/hook", "no public address"),
        ("https://2130706433/hook", "no public address"),
        ("http://93.184.216.34/hook", "not encrypted"),
        ("https://user:secret@93.184.216.34/", "without a password"),
        ("ftp://93.184.216.34/", "write https"),
        ("https://no-such-host.invalid/", "cannot be found"),
        ("https://93.184.216.34:99999/", "no URL"),
    ],
)
def test_addresses_that_lead_inwards_are_refused(url: str, told: str) -> None:
    with pytest.raises(WebhookError, match=told) as refused:
        target_of(url)
    assert "secret" not in str(refused.value)


def test_public_addresses_are_those_of_the_open_internet() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")
    for address in ("100.64.0.1", "224.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "fe80::1%eth0", "0.0.0.0"):
        assert not is_public(address)


def test_a_private_address_is_a_problem_on_the_delivery_and_loses_nothing(
    tmp_path: Path, receiver: Receiver
) -> None:
    installation = build.installation(
        tmp_path / "home", webhook_urls=[receiver.url.replace("http:", "https:")]
    )
    campaign_id = build.submitted(installation, build.people(1)).campaign.id
    assert build.worked(installation, campaign_id).state == "finished"
    with installation.database.read() as connection:
        problems = set(connection.scalars(select(webhook_deliveries.c.problem)))
    assert receiver.heard == []
    assert len(problems) == 1
    assert "no public address" in str(problems)
