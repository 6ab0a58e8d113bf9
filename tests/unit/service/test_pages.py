"""Pages of the console: closed to strangers, kept nowhere, and made of files that have a type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from campaign.service.access import KeyScope
from campaign.service.app import create_app
from campaign.service.console import pages
from campaign.service.context import Options
from storage.installation import Installation
from storage.names import KeyName
from storage.service import api_keys
from tests import build

OPEN = {"/login", "/logout", "/static/{name}"}
PLACES = {"{campaign_id}": "one"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = build.installation(tmp_path_factory.mktemp("home"))
    build.submitted(made, build.people(2), campaign_id="one")
    yield made
    made.close()


@pytest.fixture(scope="module")
def keys(installed: Installation) -> dict[str, str]:
    with installed.database.write() as connection:
        return {
            scope.value: api_keys.add(connection, KeyName(scope.value), [scope], actor="test")
            for scope in (KeyScope.READ, KeyScope.SEND)
        }


@pytest.fixture
def client(installed: Installation, keys: dict[str, str]) -> TestClient:
    """The app without its threads: pages ask for none of them."""
    app = create_app(installed, Options(works=False))
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def paths() -> list[str]:
    """Every page that shows something of the installation."""
    routes = [route for route in pages.router.routes if isinstance(route, APIRoute)]
    return [route.path.replace("{campaign_id}", "one") for route in routes if route.path not in OPEN]


@pytest.mark.parametrize("path", paths())
def test_a_page_is_for_who_may_read_and_nobody_keeps_it(
    client: TestClient, keys: dict[str, str], path: str
) -> None:
    stranger = client.get(path)
    assert (stranger.status_code, stranger.headers["location"]) == (303, "/login")
    assert client.get(path, headers=bearer(keys["send"])).status_code == 403
    shown = client.get(path, headers=bearer(keys["read"]))
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
    assert shown.headers["content-type"] == "text/html; charset=utf-8"


def test_a_page_of_no_campaign_is_not_found(client: TestClient, keys: dict[str, str]) -> None:
    for path in ("/campaigns/none", "/campaigns/none/names", "/campaigns/none/review"):
        assert client.get(path, headers=bearer(keys["read"])).status_code == 404


def test_every_file_of_a_page_has_a_type_and_is_there(client: TestClient, keys: dict[str, str]) -> None:
    wanted = set()
    for path in [*paths(), "/login"]:
        text = client.get(path, headers=bearer(keys["read"])).text
        wanted |= set(re.findall(r'(?:src|href)="/static/([^"]+)"', text))
    for name in pages.STATIC:
        wanted |= set(re.findall(r'from "\./([^"]+)"', pages.STATIC[name].read_text(encoding="utf-8")))
    assert len(wanted) > 5 and wanted <= pages.STATIC.keys()
    for name in pages.STATIC:
        answer = client.get(f"/static/{name}")
        kind = pages.KINDS[Path(name).suffix]
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert answer.content == pages.STATIC[name].read_bytes()


@pytest.mark.parametrize("name", ["none.js", "..%2fpages.py", "..%2f..%2fapp.py", "%2e%2e", "console.css%00"])
def test_nothing_else_of_the_disk_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_pages_hold_no_script_of_their_own(client: TestClient, keys: dict[str, str]) -> None:
    """The policy forbids it, so a page that had one would be broken."""
    for path in [*paths(), "/login"]:
        text = client.get(path, headers=bearer(keys["read"])).text
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+=|\bstyle=|javascript:", text), path


def test_a_key_becomes_a_session_that_scripts_cannot_read(client: TestClient, keys: dict[str, str]) -> None:
    wrong = client.post("/login", data={"key": "ck_guess"})
    assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
    right = client.post("/login", data={"key": f" {keys['read']} "})
    assert (right.status_code, right.headers["location"]) == (303, "/")
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and keys["read"] not in cookie
    assert client.get("/").status_code == 200
    assert client.post("/logout").headers["location"] == "/login"
    assert client.get("/").status_code == 303
