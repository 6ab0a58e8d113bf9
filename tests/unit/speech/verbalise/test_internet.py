"""E-mail and web addresses of a column."""

from __future__ import annotations

import pytest

from campaign.speech.typed import Context, Kind, TypedValue, UnreadableValueError
from campaign.speech.verbalise.dispatch import read_aloud


def said(kind: Kind, written: str, language: str = "en") -> str:
    return read_aloud(TypedValue(kind=kind, written=written), Context(language=language)).text


@pytest.mark.parametrize(
    ("kind", "written", "words"),
    [
        (Kind.EMAIL, "info@example.com", "info at example dot com"),
        (Kind.EMAIL, "mailto:ann.b@mail-1.example.org", "ann dot b at mail dash one dot example dot org"),
        (Kind.URL, "https://www.example.com/", "W W W dot example dot com"),
        (Kind.URL, "example.com/pay", "example dot com slash pay"),
    ],
)
def test_an_address_is_said_sign_by_sign(kind: Kind, written: str, words: str) -> None:
    assert said(kind, written) == words


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Kind.EMAIL, "Ann <ann@example.com>"),
        (Kind.EMAIL, "a@x.de; b@x.de"),
        (Kind.EMAIL, "ann@example"),
        (Kind.EMAIL, "example.com"),
        (Kind.URL, "ann@example.com"),
        (Kind.URL, "see our page"),
        (Kind.URL, "1.2"),
    ],
)
def test_what_is_no_address_is_refused(kind: Kind, written: str) -> None:
    with pytest.raises(UnreadableValueError) as caught:
        said(kind, written)
    assert caught.value.code == "not-an-address"
