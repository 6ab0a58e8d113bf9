"""Writing systems."""

from __future__ import annotations

import pytest

from campaign.speech.languages.scripts import script_of, script_runs


@pytest.mark.parametrize(
    ("character", "script"),
    [
        ("a", "LATIN"),
        ("Ł", "LATIN"),
        ("ÿ", "LATIN"),
        ("И", "CYRILLIC"),
        ("Ω", "GREEK"),
        ("م", "ARABIC"),
        ("王", "CJK"),
        ("ひ", "HIRAGANA"),
        ("한", "HANGUL"),
        ("Ａ", "LATIN"),
        ("5", None),
        (",", None),
        ("́", None),
        ("º", None),
    ],
)
def test_a_letter_belongs_to_its_script_and_all_else_inherits(character: str, script: str | None) -> None:
    assert script_of(character) == script


def test_runs_cover_the_text_and_punctuation_stays_with_the_word_before() -> None:
    text = "Hi Иван, how (王小明) 5?"
    runs = script_runs(text, "en", ("en", "ru", "zh"))
    assert [(text[start:end], language) for start, end, language, _ in runs] == [
        ("Hi ", "en"),
        ("Иван, ", "ru"),
        ("how (", "en"),
        ("王小明) ", "zh"),
        ("5?", "en"),
    ]


def test_a_script_of_no_declared_language_has_no_language() -> None:
    [(start, end, language, reason)] = script_runs("Иван", "en", ("en", "zh"))
    assert (start, end, language) == (0, 4, "")
    assert "cyrillic" in reason


def test_latin_letters_in_a_chinese_clause_go_to_the_first_latin_language() -> None:
    runs = script_runs("你好 Anna", "zh", ("zh", "de", "en"))
    assert [language for _, _, language, _ in runs] == ["zh", "de"]
