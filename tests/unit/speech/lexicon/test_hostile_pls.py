"""A PLS file may be anybody's: no entity, no depth and no multiplication in it costs more than its reading."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from campaign.errors import LexiconError
from campaign.speech.lexicon.files import parse_lexicon

HEAD = (
    '<lexicon version="1.0" alphabet="ipa" xml:lang="en" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" '
    'xmlns:c="urn:campaign:lexicon">'
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
SLOWEST_S = 20.0
"""Of the processor, of a bounded load: without the bounds it is hours."""


def pls(body: str) -> str:
    return f"{HEAD}{body}</lexicon>"


def lexeme(written: str, attributes: str = "") -> str:
    return f"<lexeme{attributes}><grapheme>{written}</grapheme><alias>word</alias></lexeme>"


HOSTILE: dict[str, tuple[str, str]] = {
    "a billion laughs": (f"<!DOCTYPE l [{LAUGHS}]>" + pls(lexeme("&l9;")), "document type"),
    "one long entity many times": (
        f'<!DOCTYPE l [<!ENTITY a "{"a" * 100_000}">]>' + pls(lexeme("&a;" * 1_000)),
        "document type",
    ),
    "a file as an entity": (
        '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + pls(lexeme("&x;")),
        "document type",
    ),
    "a type from elsewhere": ('<!DOCTYPE l SYSTEM "http://127.0.0.1:9/x.dtd">' + pls(""), "document type"),
    "a parameter entity": (
        '<!DOCTYPE l [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>' + pls(""),
        "document type",
    ),
    "an entity that nobody declared": (pls(lexeme("&x;")), "undefined entity"),
    "a file included": (
        pls('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'),
        "<include> is not PLS",
    ),
    "metadata without bottom": (
        pls("<metadata>" + "<a>" * 200_000 + "</a>" * 200_000 + "</metadata>"),
        "more than 32",
    ),
    "lexemes in lexemes": (pls("<lexeme>" * 100_000), "more than 32"),
    "roles times graphemes": (
        pls(
            f'<lexeme role="{" ".join(f"r{n}" for n in range(20_000))}">'
            + "".join(f"<grapheme>a{n}</grapheme>" for n in range(20_000))
            + "<alias>word</alias></lexeme>"
        ),
        "more than 200,000 entries",
    ),
    "a case of a million letters": (pls(lexeme("a", f' c:case="{"x" * 1_000_000}"')), "no case"),
    "a version of 100,000 figures": (pls("").replace('"1.0"', f'"{"9" * 100_000}"'), "PLS version"),
    "a priority beyond measure": (pls("").replace("<lexicon ", '<lexicon c:priority="1e999" '), "priority"),
    "half of a character": (pls(lexeme("\ud800")), "half of a character"),
    "a NUL": (pls(lexeme("\0")), "not well-formed"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused_in_little_memory(name: str) -> None:
    text, complaint = HOSTILE[name]
    start = time.thread_time()
    tracemalloc.start()
    try:
        with pytest.raises(LexiconError, match=complaint) as caught:
            parse_lexicon("words.pls", text)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
    assert time.thread_time() - start < SLOWEST_S
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "encoding", ["utf-7", "utf-16", "undefined", "punycode", "idna", "base64", "x" * 1_000, "latin-1"]
)
def test_what_xml_says_of_its_encoding_counts_for_nothing(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + pls(lexeme("Zoë"))
    assert parse_lexicon("words.pls", text).rules.entries[0].written == "Zoë"


def test_text_where_none_is_read_is_passed_over_without_being_held() -> None:
    text = pls("<metadata>" + "x" * 5_000_000 + "</metadata>" + " " * 5_000_000 + lexeme("a"))
    tracemalloc.start()
    try:
        assert len(parse_lexicon("words.pls", text).rules.entries) == 1
        assert tracemalloc.get_traced_memory()[1] < 24 << 20
    finally:
        tracemalloc.stop()
