"""The decoder against OpenFst itself, on small random grammars where ties abound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pynini
import pytest
import pywrapfst
from hypothesis import given
from hypothesis import strategies as st
from pynini.lib.rewrite import Error as RewriteError
from pynini.lib.rewrite import top_rewrite

from campaign.speech.nemo import decoder
from campaign.speech.nemo.decoder import LatticeTooLargeError, best_path
from campaign.speech.nemo.transducer import with_look_ahead
from tests.examples import examples
from tools.grammars.compile import from_openfst, to_openfst

LETTERS = "ab"
WEIGHTS = (0.0, 0.1, -0.0001, 1.0)

_arcs = st.tuples(
    st.integers(0, 7),  # from
    st.integers(1, 8),  # steps ahead, for arcs that read nothing: no cycles among them
    st.sampled_from(("", *LETTERS)),  # read
    st.sampled_from(("", *"xyz")),  # written
    st.sampled_from(WEIGHTS),
    st.integers(0, 8),  # to, for arcs that read
)


def _grammar(arcs: list[tuple[int, int, str, str, float, int]]) -> pynini.Fst:
    fst = pynini.Fst()
    for _ in range(9):
        fst.add_state()
    fst.set_start(0)
    fst.set_final(8, 0.0)
    fst.set_final(3, 0.1)
    for source, ahead, read, written, weight, target in arcs:
        to = target if read else min(8, source + ahead)
        labels = ord(read) if read else 0, ord(written) if written else 0
        fst.add_arc(source, pywrapfst.Arc(*labels, weight, to))
    sorted_by_input: pynini.Fst = fst.arcsort("ilabel")
    return sorted_by_input


def _openfst(fst: pynini.Fst, text: str) -> bytes | None:
    lattice = pynini.accep(text) @ fst
    if lattice.num_states() == 0:
        return None
    written: str = pynini.shortestpath(lattice, nshortest=1, unique=True).string()
    return written.encode()


@examples(400)
@given(arcs=st.lists(_arcs, min_size=4, max_size=40), text=st.text(LETTERS, min_size=1, max_size=7))
def test_best_path_is_openfsts_with_its_ties(
    arcs: list[tuple[int, int, str, str, float, int]], text: str
) -> None:
    fst = _grammar(arcs)
    assert best_path(from_openfst(fst), text.encode()) == _openfst(fst, text)


@examples(400)
@given(arcs=st.lists(_arcs, min_size=4, max_size=40), text=st.text(LETTERS, min_size=1, max_size=7))
def test_rewrite_is_pyninis_top_rewrite_with_its_ties(
    arcs: list[tuple[int, int, str, str, float, int]], text: str
) -> None:
    fst = _grammar(arcs)
    try:
        expected: bytes | None = top_rewrite(text, fst).encode()
    except RewriteError:
        expected = None
    assert best_path(from_openfst(fst), text.encode(), remove_silent=True) == expected


def test_empty_text_takes_the_path_that_reads_nothing() -> None:
    fst = pynini.cross("", "silence")
    assert best_path(from_openfst(fst), b"") == b"silence"


def test_a_text_without_a_path_is_none_wherever_it_fails() -> None:
    grammar = from_openfst(pynini.accep("abc"))
    assert [best_path(grammar, text) for text in (b"", b"x", b"ab", b"abcd", b"abc")] == [
        None,
        None,
        None,
        None,
        b"abc",
    ]


def test_a_lattice_larger_than_the_kept_room_gives_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    grammar = from_openfst(pynini.closure(pynini.cross("a", "x") | pynini.cross("b", "yy")))
    text = b"ab" * 100
    roomy = best_path(grammar, text)
    monkeypatch.setattr(decoder._scratch, "workspace", np.empty((7, 8), np.int32))
    assert best_path(grammar, text) == roomy == b"xyy" * 100
    assert best_path(grammar, b"ba") == b"yyx"  # and the tables were left clean


def test_a_lattice_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    grammar = from_openfst(pynini.closure(pynini.cross("a", "x")))
    monkeypatch.setattr(decoder._scratch, "workspace", np.empty((7, 8), np.int32))
    monkeypatch.setattr(decoder, "ROOM_LIMIT", 32)
    with pytest.raises(LatticeTooLargeError):
        best_path(grammar, b"a" * 100)
    assert best_path(grammar, b"aa") == b"xx"


def test_openfsts_file_format_brings_a_grammar_there_and_back(tmp_path: Path) -> None:
    fst = (pynini.cross("ab", "xyz") | pynini.cross("b", "y")).closure().optimize().arcsort("ilabel")
    grammar = from_openfst(fst)
    again = from_openfst(to_openfst(grammar, tmp_path / "grammar.fst"))
    for field in grammar.__slots__:
        assert np.array_equal(getattr(grammar, field), getattr(again, field))


def test_labels_beyond_a_byte_are_refused() -> None:
    fst = pynini.Fst()
    fst.set_start(fst.add_state())
    fst.set_final(0)
    fst.add_arc(0, pywrapfst.Arc(300, 300, 0.0, 0))
    with pytest.raises(ValueError, match="not a byte"):
        from_openfst(fst)


def test_look_ahead_sees_through_long_chains() -> None:
    chain = 50
    arc_in = np.zeros(chain + 1, np.uint8)
    arc_in[chain] = ord("a")
    grammar = with_look_ahead(
        start=0,
        degree=np.array([1] * (chain + 1) + [0], np.uint16),
        arc_in=arc_in,
        arc_out=np.full(chain + 1, ord("."), np.uint8),
        arc_weight=np.zeros(chain + 1, np.uint8),
        arc_target=np.arange(1, chain + 2, dtype=np.int32),
        weights=np.zeros(1, np.float32),
        final_weight=np.array([np.inf] * (chain + 1) + [0], np.float32),
    )
    assert grammar.can_read[ord("a"), grammar.arc_mask[0]]
    assert grammar.can_read[:, grammar.arc_mask[0]].sum() == 1
    assert best_path(grammar, b"a") == b"." * (chain + 1)
