"""The console in a real browser: from a CSV to a played asset, and what hostile input can do there: nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from campaign.brief import DEFAULT_PRESET
from campaign.service.access import COOKIE
from campaign.service.console.listening import listening_path
from storage.installation import Installation
from storage.names import KeyName
from storage.service import api_keys
from storage.tables import campaigns
from tests import ROOT, build
from tests.servers.service import RunningService, served
from tests.service.calls import csv_of, finished, until, uploaded
from tests.speakers import add_kokoro
from tests.unit.gate import gates
from tests.waiting import LONGEST_S

HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
CSV = "id,locale,name,amount\n1,en,Ann,12.50\n2,en,Siân,7\n3,en,,1\n4,en,,2\n"
WIDTHS = (375, 768, 1440)
CONTRAST = (Path(__file__).parent / "contrast.js").read_text()


@pytest.fixture
def page(browser: Browser, service: RunningService) -> Iterator[Page]:
    """A page at the console that fails the test on any error of its own."""
    context = browser.new_context(base_url=service.url)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on(
        "console",
        lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield opened
    context.close()
    assert errors == []


def test_whole_way_from_a_csv_to_a_played_asset(page: Page, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(CSV)
    page.goto("/")
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("Drop a list here").set_input_files(tmp_path / "people.csv")
    page.get_by_label("Type of amount").select_option("money EUR")
    expect(page.locator("select[name=preset]")).to_have_value(DEFAULT_PRESET)
    page.get_by_label("Name", exact=True).fill("From the browser")
    page.get_by_label("Template").fill("Hello {{ name }}. Your bill is {{ amount }}.")
    page.get_by_label("Sound").select_option("wav")
    page.get_by_role("button", name="Check").click()
    preflight = page.locator("#preflight")
    expect(preflight.get_by_role("heading", name="Read")).to_be_visible()
    expect(preflight.get_by_role("row", name="3 name")).to_contain_text("is empty")
    expect(preflight.get_by_role("row", name="3 name").get_by_role("cell").last).to_have_text("2")
    preflight.get_by_role("link", name="Hear examples and start").click()
    expect(page.locator("#estimate")).to_contain_text("distinct utterances")
    page.get_by_role("button", name="Hear five examples").click()
    expect(page.locator("#heard li")).to_have_count(2)
    expect(page.locator("#heard")).to_contain_text("Hello Ann. Your bill is 12.50.")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".state.finished_with_errors")).to_be_visible()
    sound = page.locator("tbody audio").first
    sound.evaluate("audio => audio.play()")
    page.wait_for_function("() => document.querySelector('tbody audio').currentTime > 0.2")
    assert sound.evaluate("audio => audio.duration") > 1
    page.get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.locator("audio").first.evaluate("audio => audio.play()")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.1")


@pytest.mark.parametrize(
    ("said", "chosen"), [("demo-voice@1", ["demo-voice@1"]), ("demo-voice", [DEFAULT_PRESET]), ("anna@1", [])]
)
def test_the_voice_that_stands_under_every_brief_is_chosen_beforehand(
    tmp_path: Path, said: str, chosen: list[str]
) -> None:
    with (
        closing(build.installation(tmp_path / "home", defaults={"preset": said})) as installation,
        served(installation, works=False) as service,
    ):
        for path in ("/new", "/editor"):
            written = httpx.get(f"{service.url}{path}", timeout=LONGEST_S).text
            assert re.findall('value="([^"]+)" selected', written) == chosen


def test_a_spreadsheet_becomes_a_campaign_with_its_own_header(page: Page) -> None:
    page.goto("/new")
    page.get_by_label("Drop a list here").set_input_files(ROOT / "tests/data/spreadsheets/people.ods")
    seen = page.locator("#columns")
    expect(seen).to_contain_text("3 rows. ods, sheet 'Patienten' and not 'Andere'")
    expect(page.get_by_label("Sheet")).to_have_value("Patienten")
    expect(page.get_by_label("Type of Fällig")).to_have_value("date iso")
    expect(seen.get_by_role("row", name="PLZ")).to_contain_text("01067")
    page.get_by_label("Type of Betrag").select_option("money EUR")
    page.get_by_label("Languages").fill("de")
    page.get_by_label("Template").fill(
        "Guten Tag {{ vorname }}. Es sind {{ betrag }}, fällig am {{ fällig }}."
    )
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#preflight").get_by_role("heading", name="Read")).to_be_visible()
    expect(page.locator("#preflight")).to_contain_text("3 pending")


def test_a_guessed_encoding_is_shown_and_used_when_a_person_says_so(page: Page, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes("id;name\n1;Jürgen\n2;Zoë\n".encode("cp1252"))
    page.goto("/new")
    page.get_by_label("Drop a list here").set_input_files(tmp_path / "people.csv")
    seen = page.locator("#columns")
    expect(seen).to_contain_text("people.csv is not UTF-8.")
    expect(seen).to_contain_text("As cp1252 it holds Jürgen, Zoë.")
    expect(seen.get_by_role("table")).to_have_count(0)
    seen.get_by_role("button", name="Yes, read it as cp1252").click()
    expect(seen.get_by_role("row", name="name")).to_contain_text("Jürgen")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#preflight")).to_contain_text("2 pending")


def test_what_plays_plays_on_when_the_report_comes(browser: Browser, tmp_path: Path) -> None:
    """The campaign has ended and its report is under way, and somebody listens already."""
    installation = build.installation(tmp_path / "home")
    name = build.submitted(installation, build.people(2)).campaign.id
    build.worked(installation, name)
    reported_ms = mark_reported(installation, name, None)
    with served(installation, works=False) as service:
        context = browser.new_context(base_url=service.url)
        page = context.new_page()
        page.goto(f"/campaigns/{name}")
        heard, other = page.locator("tbody audio").nth(0), page.locator("tbody audio").nth(1)
        heard.evaluate("audio => { audio.loop = true; audio.dataset.mine = 'yes'; return audio.play(); }")
        other.evaluate("audio => { audio.dataset.mine = 'yes'; }")
        expect(page.get_by_role("link", name="Report")).to_have_count(0)
        mark_reported(installation, name, reported_ms)
        service.context.snapshots.forget(name)
        expect(page.get_by_role("link", name="Report")).to_be_visible()
        assert heard.evaluate("audio => [audio.dataset.mine, audio.paused]") == ["yes", False]
        at = heard.evaluate("audio => audio.played.length && audio.currentTime")
        page.wait_for_function("at => document.querySelector('tbody audio').currentTime !== at", arg=at)
        assert other.evaluate("audio => audio.dataset.mine") is None, (
            "what nobody hears is as the server shows it"
        )
        context.close()
    installation.close()


def mark_reported(installation: Installation, campaign_id: str, t_ms: int | None) -> int | None:
    """Set when the report was written; what it was before."""
    with installation.database.write() as connection:
        one = campaigns.c.id == campaign_id
        before = connection.execute(select(campaigns.c.t_reported_ms).where(one)).scalar_one()
        connection.execute(update(campaigns).where(one).values(t_reported_ms=t_ms))
    return None if before is None else int(before)


def test_a_place_in_a_sound_can_be_sought(page: Page, client: httpx.Client) -> None:
    uploaded(client, "sought", csv_of(["Ann"]))
    client.post("/v1/campaigns/sought/start").raise_for_status()
    finished(client, "sought")
    page.goto("/campaigns/sought")
    answers: list[int] = []
    page.on("response", lambda one: answers.append(one.status) if one.url.endswith("/audio") else None)
    sound = page.locator("tbody audio").first
    sound.evaluate(
        "audio => new Promise((resolve, reject) => {"
        " audio.onseeked = resolve; audio.onerror = () => reject(audio.error);"
        " audio.onloadedmetadata = () => { audio.currentTime = audio.duration / 2; };"
        " audio.preload = 'auto'; audio.load(); })"
    )
    assert sound.evaluate("audio => audio.currentTime / audio.duration") == pytest.approx(0.5, abs=0.01)
    assert sound.evaluate("audio => audio.seekable.end(0) === audio.duration")
    assert set(answers) == {206}


def test_editor_shows_what_is_read_said_and_why_and_plays_it(page: Page) -> None:
    page.goto("/editor")
    expect(page.locator("#spoken")).to_contain_text("one thousand two hundred thirty-four euros")
    page.get_by_label("One row").fill("name = Ann")
    expect(page.locator("#problem")).to_contain_text("amount")
    page.get_by_label("Template").fill("Dear {{ name }}, bring {{ amount | cardinal }} forms.")
    page.get_by_label("One row").fill("name = Ann\namount = 21")
    expect(page.locator("#spoken")).to_have_text("Dear Ann, bring twenty-one forms.")
    expect(page.locator("#spans")).to_contain_text("amount · cardinal")
    page.get_by_role("button", name="Hear it").click()
    page.wait_for_function("() => document.querySelector('#player').currentTime > 0.1")


def test_editor_takes_a_row_of_a_file(page: Page, tmp_path: Path) -> None:
    rows = 'id,locale,name,amount\r\n1,en,"Ann ""Bo"", née\nLee",21\r\n2,en,Zoë,1\r\n'
    recipients = tmp_path / "recipients.csv"
    recipients.write_text(rows, encoding="utf-8-sig", newline="")
    page.goto("/editor")
    page.get_by_label("Template").fill("Dear {{ name }}, bring {{ amount | cardinal }} forms.")
    page.get_by_label("A row of your file").set_input_files(recipients)
    expect(page.locator("#spoken")).to_have_text('Dear Ann "Bo", née Lee, bring twenty-one forms.')
    page.get_by_label("Number").fill("2")
    expect(page.locator("#spoken")).to_have_text("Dear Zoë, bring one forms.")
    page.get_by_label("Number").fill("3")
    expect(page.locator("#said")).to_contain_text("has 2 rows")
    page.get_by_label("Number").fill("2")
    page.get_by_role("button", name="Hear it").click()
    page.wait_for_function("() => document.querySelector('#player').currentTime > 0.1")


def test_name_is_heard_and_fixed_once_and_the_rows_that_change_are_shown(
    page: Page, client: httpx.Client
) -> None:
    brief = {
        "templates": {"default": {"text": "Hello {{ name }}.", "language": "en"}},
        "columns": {"name": "name"},
        "finish": {"codec": "wav"},
    }
    uploaded(client, "names", csv_of(["Ann", "Xqrz", "Xqrz"]), brief)
    page.goto("/campaigns/names/names")
    first = page.locator("#names tbody tr").first
    expect(first).to_contain_text("Xqrz")
    page.get_by_label("Say Xqrz as").fill("Ex curz")
    page.get_by_role("button", name="Hear Xqrz").click()
    expect(page.locator("button[data-heard]")).to_have_count(1)
    page.get_by_role("button", name="Keep, and see").click()
    expect(page.get_by_role("heading", name="2 of 3 rows change")).to_be_visible()
    expect(page.locator("#impact")).to_contain_text("Hello Ex curz.")


def test_hostile_values_are_text_wherever_they_are_shown(
    page: Page, client: httpx.Client, tmp_path: Path
) -> None:
    brief = {"name": HOSTILE, "templates": {"default": {"text": "Hello {{ name }}.", "language": "en"}}}
    cell = HOSTILE.replace('"', '""')
    text = f'id,locale,name\n"{cell}","{cell}","{cell}"\n2,en,Ann\n'
    uploaded(client, "hostile", text, {**brief, "columns": {"name": "name"}})
    client.post("/v1/campaigns/hostile/start").raise_for_status()
    finished(client, "hostile")
    until(client, "/v1/campaigns/hostile", lambda one: one["report"] is not None)
    (tmp_path / "hostile.csv").write_text(f'id,"{cell}"\n1,"{cell}"\n')
    pages = ("", "/names", "/review")
    for path in (
        "/",
        "/new",
        *(f"/campaigns/hostile{one}" for one in pages),
        "/v1/campaigns/hostile/artefacts/report.html",
    ):
        page.goto(path)
        if path == "/new":
            page.get_by_label("Drop a list here").set_input_files(tmp_path / "hostile.csv")
            expect(page.locator("#columns")).to_contain_text("onerror")
        page.wait_for_timeout(150)
        assert page.title() != "taken"
        assert page.locator("img[src=x]").count() == 0


def test_console_asks_for_a_key_and_remembers_it(browser: Browser, tmp_path: Path) -> None:
    installation = build.installation(tmp_path / "home")
    with installation.database.write() as connection:
        token = api_keys.add(connection, KeyName("person"), ["read"], actor="test")
    with served(installation, works=False) as service:
        context = browser.new_context(base_url=service.url)
        page = context.new_page()
        page.goto("/voices")
        expect(page.get_by_role("heading", name="Log in with a key")).to_be_visible()
        page.get_by_label("Key").fill("ck_wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("Key").fill(token)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Campaigns")).to_be_visible()
        [cookie] = [one for one in context.cookies() if one["name"] == COOKIE]
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
        page.get_by_role("button", name="Leave").click()
        expect(page.get_by_role("heading", name="Log in with a key")).to_be_visible()
        context.close()
    installation.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_fit_every_width_and_can_be_used_by_everybody(
    browser: Browser, service: RunningService, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        base_url=service.url,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    for path in ("/", "/new", "/editor", "/voices", "/login"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.locator("h1").count() == 1
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input, select, textarea, button')].filter("
            "one => !one.labels?.length && !one.getAttribute('aria-label') && !one.textContent.trim()).length"
        )
        assert unnamed == 0, path
        assert page.evaluate(CONTRAST) >= 4.5, (path, scheme)
    context.close()


def test_speakers_of_the_catalogue_are_heard_by_name_language_and_licence(
    browser: Browser, tmp_path: Path, kokoro_folder: Path
) -> None:
    installation = build.installation(tmp_path / "home")
    with served(installation) as service:
        context = browser.new_context(base_url=service.url, viewport={"width": 390, "height": 800})
        page = context.new_page()
        page.goto("/voices")
        expect(page.get_by_text("campaign voice get kokoro")).to_be_visible()
        expect(page.locator("[data-speaker]")).to_have_count(0)
        add_kokoro(installation, kokoro_folder)
        page.reload()
        expect(page.get_by_text("campaign voice get kokoro")).to_have_count(0)
        page.get_by_text("fr · 1 speaker").click()
        row = page.get_by_role("row", name="ff_siwis")
        expect(row).to_contain_text("fr")
        expect(row).to_contain_text("Apache-2.0")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        hear = row.get_by_role("button", name="Hear ff_siwis")
        hear.click()
        expect(hear).to_have_attribute("data-heard", "yes")
        page.reload()
        expect(page.get_by_role("heading", name="kokoro-ff-siwis@1")).to_be_visible()
        context.close()
    installation.close()


def test_gate_is_listened_to_blind_from_the_console(browser: Browser, tmp_path: Path) -> None:
    installation = build.installation(tmp_path / "home")
    gate = gates.audible(installation)
    with served(installation, works=False) as service:
        context = browser.new_context(base_url=service.url)
        page = context.new_page()
        page.goto("/voices")
        page.locator(f"[data-gate={gate.id}]").click()
        expect(page.get_by_label("Your name")).to_be_visible()
        assert page.url == service.url + listening_path(installation, gate.id)
        context.close()
    installation.close()
