"""Words said in one, and when each word is heard."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from workers.engines.kokoro.words import Group, grouped, word_times_ms


def unasked(_words: Sequence[str]) -> list[str]:
    raise AssertionError("words that are as many as sounds are those sounds")


def test_as_many_words_as_sounds_are_those_sounds() -> None:
    assert grouped(["həlˈO", "wˈɜɹld"], ["hello", "world"], unasked) == [Group("həlˈO"), Group("wˈɜɹld")]
    assert grouped([], ["x"], unasked) == []


@pytest.mark.parametrize(
    ("sounds", "words", "alone", "counts"),
    [
        (["ɪnðə", "mˈɪdᵊl"], "in the middle", ["ɪn", "ðə", "mˈɪdə^l"], [2, 1]),
        (["mˈɪdᵊl", "ʌvðə", "dˈA"], "middle of the day", ["mˈɪdə^l", "ʌv", "ðə", "dˈe^ɪ"], [1, 2, 1]),
        (["nˌɒtə", "ɹˈiᵊl"], "not a real", ["nˈɒt", "ɐ", "ɹˈi^əl"], [2, 1]),
        (["a", "lotˈɛl"], "à l' hôtel", ["a", "l", "otˈɛl"], [1, 2]),
        (["ˈeɪ", "tˈiː", "ɑˈuə"], "AT our", ["ˈeɪtˈiː", "ɑˈuə"], [1, 0, 1]),
    ],
)
def test_words_that_are_said_in_one_share_it(
    sounds: list[str], words: str, alone: list[str], counts: list[int]
) -> None:
    made = grouped(sounds, words.split(), lambda _words: alone)
    assert [group.words for group in made] == counts
    assert all(sum(group.shares) == pytest.approx(1) for group in made if group.words)


def test_a_long_text_is_shared_out_in_time_and_whole() -> None:
    sounds, words = ["ɪnðə", "mˈɪdᵊl"] * 60, ["in", "the", "middle"] * 60
    made = grouped(sounds, words, lambda _words: ["ɪn", "ðə", "mˈɪdə^l"] * 60)
    assert sum(group.words for group in made) == len(words)
    assert [group.words for group in made[:4]] == [2, 1, 2, 1]


def test_more_words_than_sounds_can_be_are_all_there() -> None:
    made = grouped(["a"], [*"abcdefgh"], lambda words: [*words])
    assert [group.words for group in made] == [8]


def test_times_are_the_model_s_frames_and_stops_belong_to_nobody() -> None:
    groups = [Group("ab, "), Group("cd", words=2, shares=(0.25, 0.75)), Group("e.")]
    durations = [10, 1, 3, 2, 2, 4, 4, 8, 5, 1]  # start, a b , _ c d e . end
    assert word_times_ms(groups, durations, 24_000) == [(250, 350), (450, 500), (500, 650), (650, 850)]


def test_the_rest_of_a_word_lengthens_it() -> None:
    assert word_times_ms([Group("a"), Group("b", words=0)], [1, 2, 3, 1], 24_000) == [(25, 150)]


def test_signs_before_a_word_are_not_its_time() -> None:
    assert word_times_ms([Group("“ab")], [1, 4, 1, 1, 1], 24_000) == [(125, 175)]
