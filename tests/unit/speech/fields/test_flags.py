"""Yes and no, however they are written."""

from __future__ import annotations

import pytest

from campaign.speech.fields.flags import NO, YES, flag
from campaign.speech.typed import UnreadableValueError


@pytest.mark.parametrize(
    "text",
    ["yes", "Y", "TRUE", "1", "1.0", "x", "Ja", "SÍ", "sì", "Oui", "sim", "да", "on", "✓", "[x]", "VRAI"],
)
def test_yes(text: str) -> None:
    assert flag(text) is True


@pytest.mark.parametrize(
    "text", ["no", "N", "False", "0", "0.0", "", "Nein", "non", "NÃO", "nao", "нет", "off", "hayır", "FAUX"]
)
def test_no(text: str) -> None:
    assert flag(text) is False


@pytest.mark.parametrize("text", ["maybe", "2", "O", "unknown", "yes and no"])
def test_anything_else_is_neither(text: str) -> None:
    with pytest.raises(UnreadableValueError, match="neither yes nor no"):
        flag(text)


def test_no_word_is_both() -> None:
    assert not YES & NO
