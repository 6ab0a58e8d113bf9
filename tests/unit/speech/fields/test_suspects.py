"""Names that are none."""

from __future__ import annotations

import pytest

from campaign.speech.fields.suspects import note_in, suspect


@pytest.mark.parametrize(
    "name", ["test", "TEST TEST", "asdf", "xxx", "Qwerty", "Max Mustermann", "John Doe", "test1", "12345"]
)
def test_what_is_typed_to_try_a_form(name: str) -> None:
    assert suspect(name) == "test-value"


@pytest.mark.parametrize(
    "name", ["Unknown", "Not provided", "Mr.", "Frau", "Customer", "Name", "Null", "c/o", "Sr./Sra."]
)
def test_what_stands_for_a_name(name: str) -> None:
    assert suspect(name) == "no-name"


@pytest.mark.parametrize(
    "name",
    ["Ann", "Mr. Smith", "Frau Test-Meier", "Nan", "Ng", "Tester-Jones", "Anna", "Don", "Lee Customer"],
)
def test_a_name_is_a_name(name: str) -> None:
    assert suspect(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "Ann - do not call",
        "DECEASED",
        "Deceased - Ann",
        "Ann (DNC)",
        "[deleted]",
        "duplicate",
        "Ann Lee, verstorben",
    ],
)
def test_a_note_in_the_place_of_a_name(name: str) -> None:
    assert note_in(name)


@pytest.mark.parametrize("name", ["Dee Ceased", "Ann Duplicate Lee", "Ann (Annie)", "Dnc Lee", "Test-Meier"])
def test_a_name_is_no_note(name: str) -> None:
    assert note_in(name) == ""
