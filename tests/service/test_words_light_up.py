"""Words light up while they are heard: in a report whose captions lie beside its files, and for who reviews files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import build
from tests.hearing import listened_to
from tests.servers.service import RunningService, served
from tests.service.calls import until
from tests.waiting import LONGEST_S

TEMPLATE = "Welcome back, my friend. Hello {{ name }}. Your balance is {{ amount }} today."
FIRST = "Welcome back, my friend. Hello Anna. Your balance is forty dollars today."
"""As it is spoken."""


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningService]:
    """Of one campaign whose engine times its words, of which one file is held, and of one whose engine does not."""
    ears = listened_to(monkeypatch)
    ears.instead["forty"] = "fourteen"
    columns = {"name": "name", "amount": "money USD"}
    with closing(build.installation(tmp_path / "home")) as made:
        rows = [
            {"id": f"p-{number}", "locale": "en", "name": name, "amount": f"${amount}"}
            for number, (name, amount) in enumerate([("Anna", 40), ("Ben", 50)])
        ]
        for model, captions in (("espeak", ["vtt"]), ("tone", [])):
            asked = build.brief(TEMPLATE, columns=columns, model=model, finish={"captions": captions})
            build.worked(made, build.submitted(made, rows, asked, campaign_id=model).campaign.id)
        with served(made) as running:
            yield running


@pytest.fixture
def page(browser: Browser, service: RunningService) -> Iterator[Page]:
    context = browser.new_context(base_url=service.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def client(service: RunningService) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{service.url}/v1/campaigns/", timeout=LONGEST_S) as made:
        yield made


def lit_in_turn(page: Page, player: str, place: str) -> list[str]:
    """Plays to the end and gives the words that were lit, in the order in which they were."""
    page.evaluate(
        """([player, place]) => {
            window.lit = [];
            new MutationObserver((changes) => {
                for (const { target: word } of changes)
                    if (word.className === "playing") window.lit.push(word.textContent);
            }).observe(document.querySelector(place), { subtree: true, attributes: true, attributeFilter: ["class"] });
            const sound = document.querySelector(player);
            sound.addEventListener("ended", () => { window.heard = true; });
            sound.currentTime = 0;
            return sound.play();
        }""",
        [player, place],
    )
    page.wait_for_function("() => window.heard")
    lit: list[str] = page.evaluate("window.lit")
    return lit


def test_the_report_lights_each_word_of_its_captions(
    service: RunningService, page: Page, client: httpx.Client
) -> None:
    until(client, "espeak", lambda campaign: campaign["report"] is not None)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/v1/campaigns/espeak/artefacts/report.html")
    assert "Ben" not in page.content(), "the page itself holds no word"
    place = page.locator("#words-first-2")
    expect(place).to_be_hidden()
    page.evaluate("document.querySelector('audio').play()")
    expect(place).to_have_text(FIRST.replace("Anna", "Ben").replace("forty", "fifty"))
    expect(page.locator(".words .playing")).to_have_count(1)
    lit = lit_in_turn(page, "audio", "#words-first-2")
    assert lit[-11:] == place.inner_text().split()[-11:]
    expect(page.locator(".words .playing")).to_have_count(0)
    assert page.locator("[aria-live], [role=status]").count() == 0
    assert place.get_attribute("lang") == "en"
    assert complaints == []


def test_a_report_without_captions_runs_nothing(client: httpx.Client) -> None:
    until(client, "tone", lambda campaign: campaign["report"] is not None)
    assert "<script" not in client.get("tone/artefacts/report.html").text


def test_who_reviews_sees_which_word_is_heard_in_held_files_and_in_others(
    service: RunningService, page: Page, client: httpx.Client
) -> None:
    page.goto("/campaigns/espeak/review")
    rows = page.locator("#review tbody tr")
    expect(rows).to_have_count(2)
    held, other = rows.all()
    expect(held).to_contain_text("held")
    for row, name, amount in ((held, "Anna", "forty"), (other, "Ben", "fifty")):
        row.locator("audio").evaluate("sound => { sound.currentTime = 0; return sound.play(); }")
        said = FIRST.replace("Anna", name).replace("forty", amount)
        expect(row.locator(".words")).to_have_text(said)
        expect(row.locator(".playing")).to_have_count(1)
        row.locator("audio").evaluate("sound => sound.pause()")
    player, place = "#review tr:first-child audio", "#review tr:first-child .words"
    assert lit_in_turn(page, player, place)[-11:] == FIRST.split()[-11:]
    # a word is lit where it is said, and not where it is not
    words = [word for one in client.get("espeak/reviews/1/words").json() for word in one["words"]]
    [amount] = [word for word in words if word["text"] == "forty"]
    middle_s = (amount["from_ms"] + amount["to_ms"]) / 2000
    page.locator(player).evaluate(f"sound => {{ sound.pause(); sound.currentTime = {middle_s}; }}")
    expect(page.locator(f"{place} .playing")).to_have_text("forty")


def test_a_file_whose_words_nobody_timed_is_shown_and_lights_none(page: Page, client: httpx.Client) -> None:
    assert [one["words"] for one in client.get("tone/reviews/1/words").json()] == [None] * 3
    page.goto("/campaigns/tone/review")
    row = page.locator("#review tbody tr").first
    row.locator("audio").evaluate("sound => { sound.currentTime = 0; return sound.play(); }")
    expect(row.locator(".words")).to_have_text(FIRST)
    page.wait_for_function("() => document.querySelector('#review audio').currentTime > 0.5")
    assert row.locator(".words span").count() == 0
    expect(page.locator("#said")).to_be_empty()


def test_words_of_a_row_without_a_file_are_not_there(client: httpx.Client) -> None:
    assert client.get("espeak/reviews/9/words").status_code == 404
