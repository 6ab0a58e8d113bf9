"""X-SAMPA becomes IPA, sign by sign, and what is none is named."""

from __future__ import annotations

import pytest

from campaign.speech.x_sampa import to_ipa


@pytest.mark.parametrize(
    ("written", "ipa"),
    [
        ('pI"kA:n', "pɪˈkɑːn"),
        ('"hE.l@U', "ˈhɛ.ləʊ"),
        ("dZ", "dʒ"),
        ("r\\\\Ed", "ɹɛd"),
        ("n_=", "n̩"),
        ("@`", "ɚ"),
    ],
)
def test_signs_of_several_characters_come_first(written: str, ipa: str) -> None:
    assert to_ipa(written.replace("\\\\", "\\")) == ipa


def test_what_is_no_sign_is_named() -> None:
    with pytest.raises(ValueError, match=r"'\$a' is no sign"):
        to_ipa("p$a")
