"""Characters are read by a rule of the language, or refused: never by their name or number."""

from __future__ import annotations

import pytest

from workers.engines.espeak.letters import readable, unspeakable


@pytest.mark.parametrize(
    ("language", "text", "read", "changed"),
    [
        ("en", "José Łukasz Şebnem", "José Łukasz Şebnem", 0),
        ("en", "Nguyễn Thị Hương", "Nguyên Thi Hương", 2),
        ("en", "Đặng Ḥasan", "Đăng Hasan", 2),
        ("vi", "Nguyễn Thị Hương", "Nguyễn Thị Hương", 0),
        ("de", "STRAẞE", "STRAßE", 1),
        ("ru", "Мария", "Мария", 0),
        ("zh", "你好", "你好", 0),
    ],
)
def test_letters_are_read_as_the_voice_can(language: str, text: str, read: str, changed: int) -> None:
    assert unspeakable(text, language) == ()
    assert readable(text, language) == (read, changed)


@pytest.mark.parametrize(
    ("language", "text", "wrong"),
    [
        ("en", "Мария", ("М", "а", "и", "р", "я")),
        ("en", "a田b", ("田",)),
        ("ru", "Maria", ("M", "a", "i", "r")),
        ("en", "aỻ", ("ỻ",)),
        ("en", "aƨb", ("ƨ",)),
        ("en", "ａ", ("ａ",)),
        ("en", "a\ue000\x00", ("\x00", "\ue000")),
        ("xx", "любой a", ()),
    ],
)
def test_other_scripts_and_controls_are_named(language: str, text: str, wrong: tuple[str, ...]) -> None:
    assert unspeakable(text, language) == wrong


def test_every_accented_latin_letter_ends_in_one_that_voices_know() -> None:
    for code in range(0x1E00, 0x1F00):
        letter = chr(code)
        if letter.isalpha() and not unspeakable(letter, "en"):
            read, _ = readable(letter, "en")
            assert len(read) == 1
            assert ord(read) < 0x250, (letter, read)
