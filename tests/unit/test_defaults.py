"""An installation's defaults stand under every brief, and a wrong one names settings.toml and its key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from campaign.brief import Brief, Overrides, Purpose, read_brief
from campaign.errors import BriefError
from campaign.submission.preflight import file_notices
from storage.settings import Settings

TABLE: dict[str, Any] = {"templates": {"default": {"text": "Hello {{ name }}."}}}
DEFAULTS: dict[str, Any] = {
    "purpose": "commercial",
    "languages": ["EN_gb"],
    "preset": "ours@2",
    "finish": {"codec": "mp3", "lead_in_ms": 300},
}


def test_a_brief_stands_over_the_defaults_key_by_key_and_keeps_the_outcome() -> None:
    table = TABLE | {"preset": "mine@1", "finish": {"lead_in_ms": 50}}
    loaded = read_brief(table, label="x", folder=None, defaults=DEFAULTS)
    brief = Brief.from_json(loaded.brief.as_json())
    assert (brief.purpose, brief.languages, brief.preset) == (Purpose.COMMERCIAL, ("en-GB",), "mine@1")
    assert brief.finish == {"codec": "mp3", "lead_in_ms": 50}
    assert loaded.defaulted == ("purpose", "languages", "finish.codec")
    assert file_notices(loaded) == ["settings.toml gives purpose, languages, finish.codec."]


def test_the_command_line_stands_over_both() -> None:
    loaded = read_brief(TABLE, Overrides(preset="cli@1"), label="x", folder=None, defaults=DEFAULTS)
    assert loaded.brief.preset == "cli@1"
    assert "preset" not in loaded.defaulted


def test_without_defaults_nothing_is_told() -> None:
    assert file_notices(read_brief(TABLE, label="x", folder=None)) == []


@pytest.mark.parametrize(
    ("defaults", "said"),
    [
        ({"porpose": "commercial"}, "there is no key porpose; did you mean purpose"),
        ({"finish": {"codec": "mp4"}}, "finish.codec is 'mp4'"),
        ({"name": "ours"}, "name belongs to one brief"),
        ({"templates": {"en": {"text": "x"}}}, "templates belongs to one brief"),
        ({"lexicons": ["names.tsv"]}, "campaign lexicon add names.tsv"),
        ({"languages": ["xx"]}, "no language of ISO 639"),
    ],
)
def test_a_wrong_default_names_the_settings_and_the_key(defaults: dict[str, Any], said: str) -> None:
    with pytest.raises(BriefError) as refused:
        read_brief(TABLE, label="x", folder=None, defaults=defaults)
    assert str(refused.value).startswith("settings.toml, [defaults]: ")
    assert said in str(refused.value)


def test_a_fault_of_brief_and_defaults_together_names_both() -> None:
    defaults: dict[str, Any] = {"finish": {"codec": "ulaw"}}
    with pytest.raises(BriefError, match=r"^campaign\.toml over the defaults of settings\.toml: "):
        read_brief(
            TABLE | {"finish": {"rate_hz": 44_100}}, label="campaign.toml", folder=None, defaults=defaults
        )


def test_settings_hold_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.toml").write_text(
        '[defaults]\npurpose = "research"\n[defaults.finish]\ncodec = "opus"\n'
    )
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path))
    assert Settings().defaults == {"purpose": "research", "finish": {"codec": "opus"}}
