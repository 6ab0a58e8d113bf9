"""On NeMo's own cases, where its grammars leave digits, signs and markup behind, nothing of the kind gets through."""

from __future__ import annotations

import pytest

from campaign.errors import RowError
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.guard import unspeakable
from tests import DATA

CASES = DATA / "nemo_cases"


@pytest.mark.parametrize("language", ["en", "es", "de", "fr", "it", "zh"])
def test_a_sentence_is_spoken_clean_or_refused(language: str) -> None:
    template = TemplateSource(name="case.txt", text="{{ text }}")
    front_end = FrontEnd(FrontEndConfig(templates={language: template}, languages=(language,)))
    spoken = refused = 0
    for file in sorted((CASES / language).glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            for text in line.split("~")[:2]:
                try:
                    composition = front_end.compose(locale=language, fields={"text": text})
                except RowError as error:
                    refused += 1
                    assert error.mend
                    continue
                spoken += 1
                for utterance in composition.utterances:
                    for span in utterance.spans:
                        assert unspeakable(span.text) is None, text
    assert spoken > 5 * refused
