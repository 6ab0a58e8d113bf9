"""The second recogniser: refusals with their mend, and the very model on synthetic speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from campaign.registry.catalogue import shipped_catalogue
from tests import voices
from tests.models import models_with
from workers.engines.engine import EngineError
from workers.measure.intelligibility import words
from workers.recognisers.moonshine import DECODER, FILES, MoonshineRecogniser, moonshine_name, tokens_of

SENTENCE = "Please call us on Monday before noon about your appointment."


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    models = models_with(tmp_path_factory.mktemp("models") / "kept", "moonshine-tiny")
    return next(models.iterdir())


def test_a_folder_without_the_model_is_refused_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="campaign voice get moonshine-tiny"):
        MoonshineRecogniser(tmp_path)
    for name in FILES:
        (tmp_path / name).write_bytes(b"no weights")
    with pytest.raises(EngineError, match="Fetch it again"):
        MoonshineRecogniser(tmp_path).hear(np.full(16_000, 500, np.int16), 16_000, "en")


def test_it_is_called_after_its_weights_before_it_is_opened(model: Path) -> None:
    entry = shipped_catalogue().find("moonshine-tiny")
    digest = next(file.sha256 for file in entry.files if file.path == DECODER)
    assert MoonshineRecogniser(model).name == moonshine_name(digest)


def test_it_hears_speech_the_same_every_time_and_writes_no_figures(model: Path) -> None:
    recogniser = MoonshineRecogniser(model)
    sounds = voices.spoken([SENTENCE, "The code is seven one four and the bill is ninety dollars."])
    heard = [recogniser.hear(pcm, voices.RATE_HZ, "en") for pcm in sounds]
    wanted = words(SENTENCE)
    assert sum(word in words(heard[0].text) for word in wanted) >= len(wanted) - 2, heard[0]
    assert not any(character.isdigit() or character in "$%" for one in heard for character in one.text)
    assert [recogniser.hear(pcm, voices.RATE_HZ, "en") for pcm in sounds] == heard
    recogniser.close()


def test_it_understands_english_alone(model: Path) -> None:
    recogniser = MoonshineRecogniser(model)
    assert recogniser.understands("en") and not recogniser.understands("de")
    with pytest.raises(EngineError, match="does not understand 'de'"):
        recogniser.hear(np.zeros(16_000, np.int16), 16_000, "de")


def test_tokens_of_every_length_are_read(tmp_path: Path) -> None:
    long = b"x" * 300
    file = tmp_path / "tokens"
    file.write_bytes(b"\x02ab" + b"\x00" + bytes([128 + 300 % 128, 300 // 128]) + long + b"\x01c")
    assert tokens_of(file) == (b"ab", b"", long, b"c")


def test_a_long_sentence_is_heard_to_its_end(model: Path) -> None:
    recogniser = MoonshineRecogniser(model)
    (pcm,) = voices.spoken([f"{SENTENCE} {SENTENCE} The office is open from Monday to Friday until five."])
    assert len(pcm) / voices.RATE_HZ > 9.3, "more frames than the model parts samples by"
    assert "friday" in words(recogniser.hear(pcm, voices.RATE_HZ, "en").text)
    recogniser.close()
