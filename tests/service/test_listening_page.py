"""The listening page in a real browser: Chromium, driven by keys alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from campaign.gate.listening import steadiness, trials_of
from campaign.service.console.listening import listening_path
from storage.installation import Installation
from storage.registry import gates as gate_rows
from storage.registry.gates import Gate, Score
from tests import build
from tests.servers.service import served
from tests.unit.gate import gates

PROMPTS = ("en-01", "en-02", "en-03", "en-04")
CONTRAST = (Path(__file__).parent / "contrast.js").read_text()


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def gate(installed: Installation) -> Gate:
    return gates.audible(installed, PROMPTS)


@pytest.fixture
def address(installed: Installation, gate: Gate) -> Iterator[str]:
    """The link of the page, served alone."""
    with served(installed, gate=gate.id) as service:
        yield service.url + listening_path(installed, gate.id)


@pytest.fixture(scope="module")
def browser_page(browser: Browser) -> Page:
    return browser.new_page()


def scores_of(installed: Installation, gate: Gate) -> list[Score]:
    with installed.database.read() as connection:
        return gate_rows.scores(connection, gate.id)


def begin(page: Page, address: str, listener: str) -> None:
    page.goto(address)
    page.get_by_label("Your name").fill(listener)
    page.keyboard.press("Enter")


def answer(page: Page, left: int, right: int) -> None:
    """Hear both sides and score them, keys alone."""
    expect(page.locator("#pair")).to_be_visible()
    for key, side, value in (("a", "left", left), ("b", "right", right)):
        page.keyboard.press(key)
        expect(page.locator(f"#{side} input").first).to_be_enabled()
        page.keyboard.press(str(value))
    expect(page.locator("#next")).to_be_enabled()


def test_a_listener_hears_all_pairs_by_keys_and_learns_who_was_who_at_the_end(
    browser_page: Page, address: str, installed: Installation, gate: Gate
) -> None:
    page = browser_page
    trials = trials_of(gate, PROMPTS, "Ann")
    seen: list[str] = []
    page.on("response", lambda response: seen.append(response.url + json.dumps(dict(response.headers))))
    begin(page, address, "Ann")
    for trial in trials:
        expect(page.locator("#progress")).to_have_text(f"Pair {trial.number + 1} of {len(trials)}")
        expect(page.locator("#next")).to_be_disabled()
        assert "espeak" not in page.content() and "tone" not in page.content()
        answer(page, *((5, 2) if trial.candidate_is_left else (2, 5)))
        assert len(scores_of(installed, gate)) == trial.number + 1, "kept as it is given"
        page.keyboard.press("Enter")
    expect(page.locator("#result")).to_contain_text("candidate: espeak")
    expect(page.locator("#result tr").first).to_contain_text("5.00")
    kept = scores_of(installed, gate)
    assert all((one.candidate_score, one.baseline_score) == (5, 2) for one in kept)
    assert sum(one.is_repeat for one in kept) == len(trials) - len(PROMPTS) >= 1
    assert steadiness(kept)[0].mean_change == 0
    assert any("sound/0/left" in one for one in seen)
    assert not any("espeak" in one or "tone" in one or "candidate" in one for one in seen)


def test_the_same_name_goes_on_where_it_stopped_and_another_begins_anew(
    browser_page: Page, address: str, installed: Installation, gate: Gate
) -> None:
    page = browser_page
    begin(page, address, "Ben")
    answer(page, 3, 4)
    page.keyboard.press("Enter")
    answer(page, 1, 1)
    begin(page, address, "Ben")
    expect(page.locator("#progress")).to_contain_text("Pair 3 of")
    page.keyboard.press("Backspace")
    expect(page.locator("#left input:checked")).to_have_value("1")
    begin(page, address, "Cleo")
    expect(page.locator("#progress")).to_contain_text("Pair 1 of")
    answer(page, 2, 2)
    by_listener = [one.listener for one in scores_of(installed, gate)]
    assert by_listener == ["Ben", "Ben", "Cleo"]


def test_nothing_can_be_scored_before_it_was_heard(browser_page: Page, address: str) -> None:
    page = browser_page
    begin(page, address, "Dan")
    expect(page.locator("#progress")).to_contain_text("Pair 1 of")
    page.keyboard.press("5")
    page.keyboard.press("Enter")
    assert page.locator("#left input:checked").count() == 0
    expect(page.locator("#progress")).to_contain_text("Pair 1 of")


def test_a_bad_name_is_named_on_the_page(browser_page: Page, address: str) -> None:
    begin(browser_page, address, "a/b")
    expect(browser_page.get_by_role("alert")).to_contain_text("1 to 60 letters")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone_and_can_be_read_in_light_and_dark(
    browser: Browser,
    address: str,
    installed: Installation,
    gate: Gate,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()

    def reads_well() -> None:
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate(CONTRAST) >= 4.5

    begin(page, address, "Eve")
    answer(page, 1, 2)
    reads_well()
    begin(page, address, "a/b")
    expect(page.get_by_role("alert")).to_contain_text("1 to 60 letters")
    reads_well()
    with installed.database.write() as connection:
        gate_rows.decide(connection, gate.id, outcome="keep_baseline", verdict={}, digest="d")
    page.goto(address)
    expect(page.get_by_text("Listening has ended")).to_be_visible()
    reads_well()
    context.close()
