from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaign.errors import ConsentError
from campaign.registry.consent import read_consent
from storage.registry.presets import PresetRecord
from tests import voices
from workers.engines.engine import JsonValue
from workers.presets.standing import Use, refusal, retirement

DAY_MS = 86_400_000


def test_consent_is_read_with_the_digest_of_its_proof(tmp_path: Path) -> None:
    consent = read_consent(voices.write_consent(tmp_path))
    assert consent.purposes == ("non-commercial", "research")
    assert consent.territories == ("DE", "AT")
    assert consent.proof_sha256 == hashlib.sha256(b"signed").hexdigest()
    assert consent.until_ms == 4_133_980_800_000  # 2101-01-01: the last day counts whole


def test_consent_is_recorded_whole(tmp_path: Path) -> None:
    path = voices.write_consent(tmp_path)
    assert read_consent(path).as_json() == {
        "person": "nobody: espeak-ng",
        "purposes": ["non-commercial", "research"],
        "languages": ["en", "de"],
        "territories": ["DE", "AT"],
        "given": "2026-11-01",
        "until": "2100-12-31",
        "until_ms": 4_133_980_800_000,
        "proof_sha256": hashlib.sha256(b"signed").hexdigest(),
        "file_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def test_consent_until_it_is_revoked_has_no_last_moment(tmp_path: Path) -> None:
    text = voices.CONSENT.replace("until = 2100-12-31", 'until = "revoked"')
    consent = read_consent(voices.write_consent(tmp_path, text))
    assert (consent.until, consent.until_ms) == ("revoked", None)


def test_a_byte_order_mark_is_no_part_of_a_consent_and_other_encodings_are_refused(tmp_path: Path) -> None:
    path = voices.write_consent(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_consent(path).person == "nobody: espeak-ng"
    path.write_bytes(voices.CONSENT.replace("nobody", "Zoë").encode("latin-1"))
    with pytest.raises(ConsentError, match="is not UTF-8"):
        read_consent(path)
    with pytest.raises(ConsentError, match=r"none\.toml cannot be read: No such file"):
        read_consent(tmp_path / "none.toml")


def test_consent_that_is_given_today_or_ends_the_day_it_began_counts(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    text = voices.CONSENT.replace("2026-11-01", str(today)).replace("2100-12-31", str(today))
    assert read_consent(voices.write_consent(tmp_path, text)).until == str(today)
    late = voices.CONSENT.replace("2026-11-01", str(today + timedelta(days=2)))
    with pytest.raises(ConsentError, match="in the future"):
        read_consent(voices.write_consent(tmp_path, late))


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('person = "nobody: espeak-ng"\n', "", "person is missing"),
        ("[", "[[", "not TOML"),
        ('territories = ["DE", "AT"]', 'territories = "DE"', "give a list"),
        ('territories = ["DE", "AT"]', 'territories = ["Germany"]', "Germany"),
        ('languages = ["en", "de"]', 'languages = ["EN"]', "EN"),
        (
            'purposes = ["non-commercial", "research"]',
            'purposes = ["anything"]',
            "commercial, non-commercial, research",
        ),
        ('purposes = ["non-commercial", "research"]', "purposes = []", "give a list"),
        ("until = 2100-12-31", 'until = "2100-12-31"', "without quotes"),
        ("until = 2100-12-31", "until = 2026-10-01", "before given"),
        ("given = 2026-11-01", "given = 2999-01-01", "in the future"),
        ("given = 2026-11-01", "given = 2026-11-01T10:00:00", "given is 2026-11-01 10:00:00; give a date"),
        ('proof = "proof.txt"', 'proof = "gone.pdf"', "gone.pdf cannot be read"),
        ('proof = "proof.txt"', 'proof = "a\\u0000b"', "cannot be read: embedded null"),
        ("until = 2100-12-31", 'until = "never"', "until is 'never'; give the last day"),
        ('proof = "proof.txt"', 'proof = "proof.txt"\nscope = "all"', "no key scope"),
    ],
)
def test_consent_that_is_not_exact_is_refused_with_the_key(
    tmp_path: Path, was: str, now: str, said: str
) -> None:
    assert was in voices.CONSENT
    path = voices.write_consent(tmp_path, voices.CONSENT.replace(was, now))
    with pytest.raises(ConsentError, match=said):
        read_consent(path)


def records(tmp_path: Path, **changes: JsonValue) -> list[PresetRecord]:
    body = read_consent(voices.write_consent(tmp_path)).as_json() | changes
    return [PresetRecord(kind="consent", body=body, actor="test", t_ms=0)]


FITTING = Use(purpose="research", languages=("en",), territories=("DE",))


def test_use_within_the_consent_is_allowed_to_its_last_millisecond(tmp_path: Path) -> None:
    until_ms = 100 * DAY_MS
    held = records(tmp_path, until_ms=until_ms, until="1970-04-10")
    assert refusal("a@1", held, FITTING, until_ms - 1, is_of_a_person=True) is None
    assert "ended on 1970-04-10" in str(refusal("a@1", held, FITTING, until_ms, is_of_a_person=True))
    assert refusal("a@1", records(tmp_path, until_ms=None), FITTING, 10**15, is_of_a_person=True) is None


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (Use(purpose="commercial", languages=("en",), territories=("DE",)), "not commercial"),
        (Use(purpose="research", languages=("en", "fr"), territories=("DE",)), "not fr"),
        (Use(purpose="research", languages=("en",), territories=("DE", "CH")), "not CH"),
        (Use(purpose="research", languages=("en",)), "does not say where"),
    ],
)
def test_use_outside_the_consent_is_refused_with_what_is_outside(tmp_path: Path, use: Use, said: str) -> None:
    assert said in str(refusal("a@1", records(tmp_path), use, 0, is_of_a_person=True))


@pytest.mark.parametrize(
    ("brief", "languages"),
    [
        ({"languages": ["de-AT", "DE", "en"]}, ("de", "en")),
        ({"templates": {"default": {"text": "Hi"}, "fr-CA": {"text": "Allô", "language": None}}}, ("en", "fr")),
        ({"templates": {"default": {"text": "Hola", "language": "es"}}}, ("en", "es")),
        ({"templates": {"en": {"text": "{% lang \"it\" %}ciao{% endlang %}"}}}, ("en", "it")),
        ({"templates": {"en": {"text": "{{ name | lang('de-AT') }}"}}}, ("en", "de")),
        ({"columns": {"a": "name", "b": {"language": "pt"}, "c": {"language": "auto"}}}, ("en", "pt")),
    ],
)  # fmt: skip
def test_a_use_is_of_every_language_that_may_be_spoken(
    brief: dict[str, JsonValue], languages: tuple[str, ...]
) -> None:
    assert Use.of_brief("research", {"languages": ["en"], **brief}).languages == languages


def test_everywhere_is_everywhere(tmp_path: Path) -> None:
    held = records(tmp_path, languages=["*"], territories=["*"])
    assert refusal("a@1", held, Use(purpose="research", languages=("fi",)), 0, is_of_a_person=True) is None


def test_every_language_is_not_every_territory(tmp_path: Path) -> None:
    held = records(tmp_path, languages=["*"])
    abroad = Use(purpose="research", languages=("fi",), territories=("US",))
    said = str(refusal("a@1", held, abroad, 0, is_of_a_person=True))
    assert "preset a@1 covers territories DE, AT, not US" in said


def test_newest_consent_counts_and_revocation_is_final(tmp_path: Path) -> None:
    held = [*records(tmp_path, until_ms=1), *records(tmp_path)]
    assert refusal("a@1", held, FITTING, 1000, is_of_a_person=True) is None
    revoked = PresetRecord(kind="revocation", body={"reason": "asked"}, actor="test", t_ms=0)
    assert "was revoked: asked" in str(
        refusal("a@1", [*held, revoked, *records(tmp_path)], FITTING, 0, is_of_a_person=True)
    )


def test_nobody_s_voice_needs_no_consent_and_somebody_s_does() -> None:
    assert refusal("a@1", [], FITTING, 0, is_of_a_person=False) is None
    assert "has no consent" in str(refusal("a@1", [], FITTING, 0, is_of_a_person=True))


def test_retirement_is_told_with_its_reason() -> None:
    retired = PresetRecord(kind="retirement", body={"reason": "a better one"}, actor="test", t_ms=0)
    assert "a better one" in str(retirement("a@1", [retired]))
    assert retirement("a@1", []) is None


def test_a_consent_to_the_end_of_the_calendar_is_one(tmp_path: Path) -> None:
    text = voices.CONSENT.replace("until = 2100-12-31", "until = 9999-12-31")
    assert read_consent(voices.write_consent(tmp_path, text)).until_ms == 253_402_300_800_000
