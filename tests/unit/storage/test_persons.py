"""Ids are compared as people mean them: what a spreadsheet changes says nothing, everything else says all."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.persons import comparable_id, person_hash
from tests.examples import examples

SECRET = bytes(range(32))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("17", "0017"),
        ("0", "000"),
        ("17.0", "0017"),  # a data frame's column of numbers with a gap
        ("A-17", "a-17"),
        ("A-17", "A‑17"),  # a non-breaking hyphen
        ("A-17", "A–17"),  # an en dash, as autocorrect writes it
        ("Müller", "Mu\u0308ller"),
        ("Straße", "STRASSE"),
        ("１７", "17"),
        ("٠١٧", "17"),
        ("a  b", " a b\u00a0"),
        ("\u200b17\ufeff", "17"),
        ("ﬁn", "fin"),
        ("A-2", "A−2"),  # a minus
        ("caf\u200be\u200b\u0301", "café"),
        ('="0017"', "17"),  # how a spreadsheet is told to keep the zeros
        ("'+49 170", "+49 170"),  # as our own lists write it
        ("'0017", "17"),  # how a spreadsheet is told that figures are text
    ],
)
def test_these_are_one_person(one: str, other: str) -> None:
    assert comparable_id(one) == comparable_id(other)
    assert person_hash(SECRET, one) == person_hash(SECRET, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("17", "170"),
        ("A-17", "A17"),
        ("a17", "b17"),
        ("1.00", "1"),
        ("1.0.0", "1"),
        ("A1.0", "A1"),
        ("-1", "1"),
        ("A-017", "A-17"),
    ],
)
def test_these_are_two(one: str, other: str) -> None:
    assert comparable_id(one) != comparable_id(other)


@examples(300)
@given(text=st.text(max_size=60))
def test_the_form_is_its_own_form_and_every_spelling_has_it(text: str) -> None:
    form = comparable_id(text)
    assert comparable_id(form) == form
    assert comparable_id(unicodedata.normalize("NFD", text)) == form
    assert comparable_id(f" {text}\u200b ") == form


def test_another_secret_is_another_hash() -> None:
    assert person_hash(SECRET, "17") != person_hash(SECRET[::-1], "17")
