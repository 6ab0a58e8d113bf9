"""A sentence by itself: what is open where it begins and ends, its pauses, and what the trace shows of it."""

from __future__ import annotations

from typing import Any

import pytest

from campaign.speech.clause import State
from campaign.speech.front_end import Composition
from campaign.speech.trace import Trace
from tests.unit.speech.test_front_end import front_end


def composed(text: str, fields: dict[str, str] | None = None) -> Composition:
    return front_end(text).compose(locale="en", fields=fields or {})


def traced(composition: Composition) -> dict[str, Any]:
    trace: Any = composition.trace.as_json()
    return dict(trace)


def test_a_pause_belongs_to_the_utterance_before_it() -> None:
    composition = composed("Hello.{{ pause(700) }} Good bye.")
    assert [(one.text, one.pause_after_ms) for one in composition.utterances] == [
        ("Hello.", 700),
        ("Good bye.", None),
    ]


def test_a_pause_inside_a_sentence_parts_it() -> None:
    composition = composed("Your code is{{ pause(300) }} seven.")
    assert [(one.text, one.pause_after_ms) for one in composition.utterances] == [
        ("Your code is", 300),
        ("seven.", None),
    ]


def test_a_language_goes_on_from_sentence_to_sentence_until_it_is_closed() -> None:
    composition = composed('{% lang "de" %}Guten Tag. Bis morgen.{% endlang %} Good bye.')
    assert [[span.language for span in one.spans] for one in composition.utterances] == [
        ["de"],
        ["de"],
        ["en"],
    ]
    assert composition.trace.sentences[0].spoken.end.languages == ("de",)
    assert composition.trace.sentences[-1].spoken.end.languages == ()


def test_nothing_is_open_where_a_message_ends() -> None:
    composition = composed('{% emphasis "strong" %}Now. Pay{% endemphasis %} {{ name }}.', {"name": "Ann"})
    assert composition.trace.sentences[-1].spoken.end == State()


@pytest.mark.parametrize("name", ["Ann", "Zoë van der Berg", "x" * 60])
def test_offsets_in_the_trace_point_at_what_was_written(name: str) -> None:
    composition = composed("Dear {{ name }}, hello. Pay 12 now.", {"name": name})
    trace = traced(composition)
    assert trace["script"] == f"Dear {name}, hello. Pay 12 now."
    for sentence in trace["sentences"]:
        for span in sentence["spans"]:
            if span["kind"] != "text" or span.get("step"):
                assert trace["script"][span["start"] : span["end"]].strip() == span["written"].strip()
    assert [trace["script"][one["start"] : one["end"]].strip() for one in trace["sentences"]] == [
        f"Dear {name}, hello.",
        "Pay 12 now.",
    ]


def test_the_trace_names_column_step_and_reason() -> None:
    trace = traced(composed("Dear {{ name }}, pay 12.", {"name": "Ann"}))
    spans = [span for sentence in trace["sentences"] for span in sentence["spans"]]
    (name,) = [span for span in spans if span.get("column") == "name"]
    assert (name["written"], name["spoken"]) == ("Ann", "Ann")
    (number,) = [span for span in spans if span["written"].strip(" .") == "12"]
    assert (number["spoken"].strip(" ."), bool(number["step"])) == ("twelve", True)


def test_a_trace_of_nothing_is_empty() -> None:
    assert Trace(fields={}, script="", sentences=(), marks={}).as_json()["sentences"] == []
