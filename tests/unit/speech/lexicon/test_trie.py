"""Entries are found by whole words, longest first, whatever hyphen, apostrophe or space was typed."""

from __future__ import annotations

import pytest

from campaign.speech.lexicon.trie import Node, insert, same_signs, tokens, walk


def grown(*written: str) -> Node:
    root: Node = {}
    for entry in written:
        insert(root, entry).append(entry)
    return root


def found(root: Node, text: str) -> list[list[str]]:
    """What begins at each word, longest first."""
    split = tokens(text)
    return [[entry for _, ends in walk(root, split, index) for entry in ends] for index in range(len(split))]


def test_the_longest_entry_comes_first() -> None:
    assert found(grown("New", "New York", "York"), "New York") == [["New York", "New"], [], ["York"]]


def test_a_part_of_a_word_is_no_match() -> None:
    assert not any(found(grown("GP"), "GPS and xGP"))


@pytest.mark.parametrize("text", ["o'neill", "O’Neill", "O'NEILL"])
def test_case_and_apostrophes_do_not_count(text: str) -> None:
    assert found(grown("O'Neill"), text)[0] == ["O'Neill"]


def test_hyphens_and_white_space_are_one_sign_each() -> None:
    assert same_signs("A\u2011B  C\u2019s") == "A-B C's"
    assert found(grown("A-B C"), "a\u2010b \n c")[0] == ["A-B C"]


def test_chinese_is_matched_sign_by_sign() -> None:
    assert found(grown("重庆"), "去重庆市")[1] == ["重庆"]


def test_tokens_keep_their_places_in_the_text() -> None:
    text = "İstanbul  is-2"
    assert [text[start:end] for _, start, end in tokens(text)] == ["İstanbul", "  ", "is", "-", "2"]


def test_entries_written_alike_end_at_one_place() -> None:
    root = grown("Dr", "DR")
    assert found(root, "dr") == [["Dr", "DR"]]
