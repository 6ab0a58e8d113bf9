"""Duties of disclosure: every script is held against the rules of where it goes, before any sound is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from campaign.brief import Overrides, Purpose, load_brief
from campaign.errors import BriefError, SpeechError
from campaign.speech.disclosure import disclosure_of
from campaign.speech.templates import TemplateSource
from storage.canonical import canonical_json
from tests import build

GOOD = "This is City Clinic with a message in a synthetic voice. Hello {{ name }}. To stop these messages press nine."
CALLER = {"caller": ["City Clinic"]}


def rules(table: dict[str, Any], *territories: str, languages: tuple[str, ...] = ("en",)) -> Any:
    return disclosure_of(table, territories=territories, languages=languages, commercial=False)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (GOOD, None),
        (GOOD.upper().replace(" ", "  "), None),
        (GOOD.replace("City Clinic", "us"), "caller-not-named"),
        (GOOD.replace("synthetic voice", "nice voice"), "synthetic-voice-not-said"),
        (GOOD.replace("To stop these messages", "For fun"), "no-way-to-opt-out"),
        ("Well. " * 60 + GOOD, "caller-not-named"),
    ],
)
def test_a_script_says_who_calls_that_it_is_synthetic_and_how_to_opt_out(
    script: str, code: str | None
) -> None:
    made = rules(CALLER, "US")
    if code is None:
        made.check("en", script)
        return
    with pytest.raises(SpeechError) as caught:
        made.check("en", script)
    assert caught.value.code == code
    assert "US" in caught.value.reason


def test_rules_follow_the_territory() -> None:
    script = "Hier ist die Stadtklinik mit einer künstlichen Stimme."
    rules({"caller": "Stadtklinik"}, "DE", languages=("de",)).check("de", script)
    both = rules({"caller": "Stadtklinik"}, "DE", "US", languages=("de",))
    with pytest.raises(SpeechError, match="no-way-to-opt-out"):
        both.check("de", script)
    assert rules({}, "DE") is None


@pytest.mark.parametrize(
    ("table", "languages", "told"),
    [
        ({"caller": []}, ("en",), "caller is missing"),
        (CALLER, ("en", "ru"), "no words are known for opt_out in 'ru'"),
        ({"callers": ["x"]}, ("en",), "no key callers; did you mean caller"),
        ({**CALLER, "jurisdictions": ["Mars"]}, ("en",), "no rule for Mars"),
        ({"caller": [1]}, ("en",), "give text that is not empty"),
        ({**CALLER, "words": {"en": {"synthetics": []}}}, ("en",), "no key synthetics"),
    ],
)
def test_rules_that_cannot_be_checked_are_an_error_of_the_brief(
    table: dict[str, Any], languages: tuple[str, ...], told: str
) -> None:
    with pytest.raises(BriefError, match=told):
        rules(table, "US", languages=languages)


def test_words_of_the_brief_are_taken_too() -> None:
    words = {"ru": {"synthetic": ["синтезированный голос"], "opt_out": ["отказаться"]}}
    made = rules({"caller": "Клиника", "words": words}, "US", languages=("ru",))
    made.check("ru", "Клиника, синтезированный голос. Чтобы отказаться, нажмите девять.")


def test_a_commercial_campaign_to_a_territory_with_rules_must_be_checked(tmp_path: Path) -> None:
    made = build.installation(tmp_path / "home")
    asked = build.brief(GOOD, purpose=Purpose.COMMERCIAL, territories=("US",))
    with pytest.raises(BriefError, match="must say who calls"):
        build.submitted(made, build.people(1), asked)
    with made.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM campaigns").scalar() == 0


def test_rows_that_say_too_little_fail_before_any_sound_and_the_others_go_on(tmp_path: Path) -> None:
    made = build.installation(tmp_path / "home")
    short = TemplateSource(name="fr.txt", text="Hello {{ name }}.", language="en")
    asked = build.brief(GOOD, territories=("US",), disclosure=CALLER)
    asked = build.brief(
        GOOD, territories=("US",), disclosure=CALLER, templates={**asked.templates, "en-GB": short}
    )
    people = build.people(2)
    people[1]["locale"] = "en-GB"
    campaign_id = build.submitted(made, people, asked).campaign.id
    build.worked(made, campaign_id)
    lines = build.manifest(made.store, campaign_id)
    assert [(line["status"], line["error"]) for line in lines] == [
        ("stored", None),
        ("failed", "caller-not-named"),
    ]


def test_a_brief_file_can_ask_for_the_check(tmp_path: Path) -> None:
    (tmp_path / "m.txt").write_text(GOOD)
    path = tmp_path / "campaign.toml"
    path.write_text(
        'territories = ["US"]\n[templates]\ndefault = "m.txt"\n[disclosure]\ncaller = ["City Clinic"]\n'
    )
    brief = load_brief(path, Overrides()).brief
    assert brief.disclosure == CALLER
    assert type(brief).from_json(brief.as_json()) == brief
    assert "City Clinic" in canonical_json(brief.as_json())
