"""What goes over the wire: unknown fields are errors, briefs pass on only what was said, names are never paths."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from pydantic import TypeAdapter, ValidationError

from campaign.brief import BriefTable
from campaign.service import views
from campaign.service.views.base import View
from campaign.service.views.erasures import ErasureIn
from campaign.service.views.speech import SpeechIn
from campaign.service.views.voices import ConsentIn, PinIn, PresetIn
from campaign.service.views.workbench import PreviewIn
from storage.names import CampaignId

CONSENT = {
    "person": "Ann",
    "purposes": ["commercial"],
    "languages": ["en"],
    "territories": ["GB"],
    "given": "2026-01-02",
    "until": "revoked",
    "proof": "cHJvb2Y=",
}
PIN = {"name": "f5-v1", "engine": "f5", "folder": "f5", "licence": "MIT", "purposes": ["research"]}


def all_views() -> set[type[View]]:
    for module in pkgutil.iter_modules(views.__path__):
        importlib.import_module(f"{views.__name__}.{module.name}")
    return set(View.__subclasses__())


def test_a_field_that_is_not_described_is_an_error_apart_from_speech_s() -> None:
    """Clients of OpenAI's API send fields that mean nothing here."""
    lenient = {view for view in all_views() if view.model_config["extra"] != "forbid"}
    assert lenient == {SpeechIn}
    with pytest.raises(ValidationError, match="nmae"):
        BriefTable.model_validate({"templates": {"default": "en"}, "nmae": "autumn"})


def test_every_document_says_what_it_is() -> None:
    assert [view.__name__ for view in all_views() if not (view.__doc__ or "").strip().endswith(".")] == []


@pytest.mark.parametrize("name", ["", ".hidden", "../up", "a/b", "a\n", "a" * 101, "é"])
def test_an_id_of_a_campaign_is_no_path(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(CampaignId).validate_python(name)
    with pytest.raises(ValidationError):
        ErasureIn.model_validate({"campaign": name})


@pytest.mark.parametrize(
    "folder", ["", "/etc", "..", "../f5", "f5/../..", "f5//x", "f5/", "~", ".cache", "a\n"]
)
def test_a_folder_of_weights_stays_below_the_service_s(folder: str) -> None:
    assert PinIn.model_validate(PIN | {"folder": "team/f5.v1_base"}).folder == "team/f5.v1_base"
    with pytest.raises(ValidationError, match="folder"):
        PinIn.model_validate(PIN | {"folder": folder})


@pytest.mark.parametrize("name", ["", "Clinic", "../x", "a b", "-x", "x" * 65])
def test_a_preset_s_name_is_one_word_of_small_letters(name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        PresetIn.model_validate({"name": name, "engine": "tone"})


@pytest.mark.parametrize("field", sorted(CONSENT))
def test_a_consent_is_whole_or_none(field: str) -> None:
    ConsentIn.model_validate(CONSENT)
    with pytest.raises(ValidationError, match=field):
        ConsentIn.model_validate({name: value for name, value in CONSENT.items() if name != field})
    empty = "" if isinstance(CONSENT[field], str) else []
    with pytest.raises(ValidationError, match=field):
        ConsentIn.model_validate(CONSENT | {field: empty})


@pytest.mark.parametrize(
    "asked",
    [
        {"input": ""},
        {"input": "x" * 4_097},
        {"speed": 0.24},
        {"speed": 4.01},
        {"response_format": "aac"},
        {"language": "english"},
        {"purpose": "fun"},
    ],
)
def test_speech_is_asked_for_within_the_bounds_that_are_documented(asked: dict[str, object]) -> None:
    whole = {"voice": "demo-voice@1", "input": "Hello."}
    said = SpeechIn.model_validate(whole | {"user": "somebody"})
    assert (said.response_format, said.speed, said.stream_format) == ("mp3", 1.0, None)
    with pytest.raises(ValidationError, match=next(iter(asked))):
        SpeechIn.model_validate(whole | asked)


def test_a_preview_is_of_a_few_rows() -> None:
    brief = {"templates": {"default": "en"}}
    assert len(PreviewIn.model_validate({"brief": brief, "rows": [{"name": "Ann"}] * 20}).rows) == 20
    for count in (0, 21):
        with pytest.raises(ValidationError, match="rows"):
            PreviewIn.model_validate({"brief": brief, "rows": [{"name": "Ann"}] * count})
