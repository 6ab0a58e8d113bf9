"""What a terminal would obey, hide or turn round is written out; what people write stays as it is."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from workers.printable import printable, printable_json, printable_lines

STEERING = [
    ("\x1b[2J", "\\x1b[2J"),
    ("\x1b]8;;http://evil/\x07click\x1b]8;;\x1b\\", "\\x1b]8;;http://evil/\\x07click\\x1b]8;;\\x1b\\"),
    ("a\rb", "a\\rb"),
    ("a\nb", "a\\nb"),
    ("a\tb", "a\\tb"),
    ("a\x08b\x7f", "a\\x08b\\x7f"),
    ("\x9b2J\x85", "\\x9b2J\\x85"),
    ("\u202egpj.exe\u202c", "\\u202egpj.exe\\u202c"),
    ("\u2066x\u2069\u200e\u200f\u061c", "\\u2066x\\u2069\\u200e\\u200f\\u061c"),
    ("ad\u200bmin\u200c\u200d\u2060\ufeff\u00ad", "ad\\u200bmin\\u200c\\u200d\\u2060\\ufeff\\xad"),
    ("a\u2028b\u2029", "a\\u2028b\\u2029"),
    ("\U000e0041\U000e0100", "\\U000e0041\\U000e0100"),
    ("\u3164\u115f\u2800\ufe0f\u034f", "\\u3164\\u115f\\u2800\\ufe0f\\u034f"),
    ("\ud800", "\\ud800"),
    ("\ue000\U00100000", "\\ue000\\U00100000"),
    ("\x00", "\\x00"),
]


@pytest.mark.parametrize(("text", "shown"), STEERING)
def test_what_steers_a_terminal_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert json.loads(printable_json(json.dumps(text, ensure_ascii=False))) == text
    assert not any(
        ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in printable_json(json.dumps(text, ensure_ascii=False))
    )


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Müller", "Ελένη", "Пётр", "王小明", "キャンペーン", "김철수", "مريم", "שָׁלוֹם",
        "नमस्ते", "10\u00a0€", "1\u202f000 €",
        "\u3000", "C:\\x1b", "😀", "naïve".replace("ï", "i\u0308"), "", " ", "ខ្មែរ", "བོད་སྐད",
    ],
)  # fmt: skip
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert printable(text) == text
    assert printable_json(f'"{text}"') == f'"{text}"'


def test_marks_without_number_are_written_out_after_the_eighth() -> None:
    assert printable("a" + "\u0301" * 10) == "a" + "\u0301" * 8 + "\\u0301" * 2


def test_lines_and_tabs_that_the_program_wrote_stay_and_nothing_else() -> None:
    assert printable_lines("a\tb\n\x1bc\r\nd") == "a\tb\n\\x1bc\\r\nd"


def test_no_character_of_any_category_reaches_a_terminal_that_it_would_steer() -> None:
    for code in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(code))
        if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            assert printable(chr(code)).isascii(), hex(code)


@examples(300)
@given(
    st.recursive(
        st.text() | st.floats() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_a_document_means_the_same_and_holds_nothing_that_steers(document: object) -> None:
    text = printable_json(json.dumps(document, ensure_ascii=False, indent=2))
    assert json.dumps(json.loads(text)) == json.dumps(document)
    assert all(printable(line) == line for line in text.split("\n"))
    text.encode()
