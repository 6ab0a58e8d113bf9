"""The opt-out list over the API: its own scope, an answer that is a fact, ids in bodies only."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from campaign.service.access import KeyScope
from storage.installation import Installation
from storage.names import KeyName
from storage.service import api_keys
from tests import build
from tests.servers.service import served
from tests.service.calls import BRIEF, csv_of, finished, until
from tests.waiting import LONGEST_S

Clients = dict[str, httpx.Client]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = build.installation(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def clients(installation: Installation) -> Iterator[Clients]:
    """One that may suppress, one that may do everything else."""
    others = sorted(set(KeyScope) - {KeyScope.SUPPRESS})
    with installation.database.write() as connection:
        tokens = {
            "stopper": api_keys.add(connection, KeyName("stopper"), [KeyScope.SUPPRESS], actor="test"),
            "sender": api_keys.add(connection, KeyName("sender"), others, actor="test"),
        }
    with served(installation) as running:
        made = {
            name: httpx.Client(
                base_url=running.url, timeout=LONGEST_S, headers={"Authorization": f"Bearer {token}"}
            )
            for name, token in tokens.items()
        }
        yield made
        for client in made.values():
            client.close()


def test_a_person_who_was_added_gets_nothing_of_a_campaign_that_waits(clients: Clients) -> None:
    sender, stopper = clients["sender"], clients["stopper"]
    sender.put("/v1/campaigns/held", json=BRIEF).raise_for_status()
    sender.put("/v1/campaigns/held/recipients", content=csv_of(["Ann", "Bob", "Cyd"])).raise_for_status()
    until(sender, "/v1/campaigns/held/preflight", lambda one: one["state"] == "read")
    answer = stopper.post("/v1/suppressions", json={"ids": ["0002", "else"], "source": "hotline"})
    assert answer.json() == {"lines": 2, "added": 2, "stopped": {"held": 1}, "delivered": 0}
    sender.post("/v1/campaigns/held/start").raise_for_status()
    assert finished(sender, "held")["by_status"] == {"stored": 2, "suppressed": 1}
    late = stopper.post("/v1/suppressions", json={"ids": ["1"], "hashed": True})
    assert late.json() == {"lines": 1, "added": 1, "stopped": {}, "delivered": 1}
    page = stopper.get("/v1/suppressions", params={"limit": 2}).json()
    assert (page["total"], len(page["opt_outs"])) == (3, 2)
    rest = stopper.get("/v1/suppressions", params={"limit": 2, "after": page["after"]}).json()
    assert {one["id"] for one in page["opt_outs"] + rest["opt_outs"]} == {"0002", "else", None}
    assert rest["after"] is None
    assert stopper.post("/v1/suppressions/remove", json={"ids": ["ELSE", "nobody"]}).json() == {
        "lines": 2,
        "removed": 1,
    }
    log = stopper.get("/v1/suppressions/log").json()
    assert [(one["change"], one["opt_out"]["actor"]) for one in log] == [("added", "stopper")] * 3 + [
        ("removed", "stopper")
    ]
    assert [
        one["number"]
        for one in stopper.get("/v1/suppressions/log", params={"after": log[1]["number"]}).json()
    ] == [one["number"] for one in log[2:]]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", ""), ("POST", "/remove"), ("GET", "/log")],
)
def test_no_other_scope_sees_or_changes_it(clients: Clients, method: str, path: str) -> None:
    body = {"ids": ["x"]} if method == "POST" else None
    assert clients["sender"].request(method, f"/v1/suppressions{path}", json=body).status_code == 403
    with httpx.Client(base_url=clients["sender"].base_url, timeout=LONGEST_S) as stranger:
        assert stranger.request(method, f"/v1/suppressions{path}", json=body).status_code == 401


@pytest.mark.parametrize("ids", [[], [""], ["\u200b"], ["x" * 1001], ["a\x00b"], "x", [1]])
def test_what_is_no_id_is_refused_and_adds_nobody(clients: Clients, ids: object) -> None:
    before = clients["stopper"].get("/v1/suppressions").json()["total"]
    answer = clients["stopper"].post("/v1/suppressions", json={"ids": ids})
    assert answer.status_code == 422
    assert clients["stopper"].get("/v1/suppressions").json()["total"] == before
