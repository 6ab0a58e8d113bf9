"""What an utterance is, as its row keeps it: the same back, and in a form that keys can be made of."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from storage.canonical import digest
from workers.engines.engine import Imperfection, SpokenSpan
from workers.requests import Spec, seed_of

PLAIN = SpokenSpan(text="Dear", language="en")
spans = st.builds(
    SpokenSpan,
    text=st.text(),
    language=st.sampled_from(["en", "de"]),
    phonemes=st.lists(st.tuples(st.text(), st.text())).map(tuple),
    emphasis=st.sampled_from([None, "strong"]),
)


flaws = st.builds(
    Imperfection,
    kind=st.sampled_from(["stutter", "hesitation"]),
    stage=st.sampled_from(["text", "mel", "waveform"]),
    probability=st.floats(0, 1),
    seed=st.integers(0, 99),
)


@given(st.builds(Spec, st.lists(spans).map(tuple), st.integers(0, 9), st.lists(flaws, max_size=2).map(tuple)))
def test_what_a_row_keeps_is_the_same_spec(spec: Spec) -> None:
    kept = json.loads(json.dumps(spec.as_json()))
    assert Spec.from_json(kept) == spec
    assert digest(kept) == digest(spec.as_json())


def test_what_is_not_said_is_not_kept() -> None:
    said = SpokenSpan(text="Müller", language="de", phonemes=(("ipa", "mʏlɐ"),), emphasis="strong")
    assert Spec((PLAIN, said), take=2).as_json() == {
        "spans": [
            {"text": "Dear", "language": "en"},
            {"text": "Müller", "language": "de", "phonemes": [["ipa", "mʏlɐ"]], "emphasis": "strong"},
        ],
        "take": 2,
    }


def test_a_row_that_holds_something_else_is_an_error_and_not_silence() -> None:
    with pytest.raises(ValidationError, match="text"):
        Spec.from_json({"spans": [{"language": "en"}], "take": 0})


def test_words_and_characters_are_of_all_spans_and_a_take_follows() -> None:
    spec = Spec((PLAIN, SpokenSpan(text="Müller", language="de")))
    assert (spec.text, spec.characters) == ("Dear Müller", 10)
    assert spec.next_take() == Spec(spec.spans, take=1)


def test_the_seed_is_the_key_s_first_63_bits() -> None:
    assert seed_of("f" * 64) == 2**63 - 1
    assert seed_of("00000000000000ff" + "a" * 48) == 127
