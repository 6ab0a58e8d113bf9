"""Each kind of value is read by its own reader, and none is read as what it is not."""

from __future__ import annotations

import pytest

from campaign.speech.languages.registry import spoken
from campaign.speech.typed import Context, Kind, TypedValue, UnreadableValueError
from campaign.speech.verbalise import clock, money, quantities, spelling
from campaign.speech.verbalise.dispatch import MAX_VALUE_CHARACTERS, read_aloud
from campaign.speech.verbalise.roman import roman_words
from campaign.speech.wordlist import words


def value(kind: Kind, written: str, **options: str) -> TypedValue:
    return TypedValue(kind=kind, written=written, options=tuple(sorted(options.items())))


def said(kind: Kind, written: str, language: str = "en", **options: str) -> str:
    return read_aloud(value(kind, written, **options), Context(language=language)).text


@pytest.mark.parametrize(
    ("kind", "written", "options", "spoken"),
    [
        (Kind.MONEY, "12.50", {"currency": "EUR"}, "twelve euros fifty cents"),
        (Kind.DATE, "2026-12-03", {}, "December third, twenty twenty-six"),
        (Kind.TIME, "14:30", {}, "two thirty pm"),
        (Kind.DIGITS, "407", {}, "four zero seven"),
        (Kind.SPELL, "AB1", {}, "A B one"),
        (Kind.CARDINAL, "21", {}, "twenty-one"),
        (Kind.ORDINAL, "21", {}, "twenty-first"),
        (Kind.UNIT, "5 kg", {}, "five kilograms"),
        (Kind.FRACTION, "3/4", {}, "three quarters"),
        (Kind.NAME, "Siân", {}, "Siân"),
    ],
)
def test_a_value_is_said_as_its_kind(kind: Kind, written: str, options: dict[str, str], spoken: str) -> None:
    assert said(kind, written, **options).replace(" and ", " ").lower() == spoken.lower()


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        (Kind.MONEY, "soon", "not-money"),
        (Kind.MONEY, "12.50", "no-currency"),
        (Kind.TELEPHONE, "call me", "not-a-telephone-number"),
        (Kind.DIGITS, "9" * (MAX_VALUE_CHARACTERS + 1), "value-too-long"),
    ],
)
def test_what_is_no_such_value_is_an_error_with_a_mend(kind: Kind, written: str, code: str) -> None:
    with pytest.raises(UnreadableValueError) as refused:
        said(kind, written)
    assert (refused.value.code, bool(refused.value.mend)) == (code, True)


def test_the_limit_is_for_values_and_not_for_text() -> None:
    assert said(Kind.DIGITS, "9" * MAX_VALUE_CHARACTERS).count("nine") == MAX_VALUE_CHARACTERS
    assert said(Kind.NAME, "a" * 200) == "a" * 200


def test_every_reader_is_one_of_a_verbaliser() -> None:
    context = Context(language="de")
    assert money.money(value(Kind.MONEY, "1 EUR"), context).text == "ein Euro"
    assert clock.time(value(Kind.TIME, "8:05"), context).text == "acht Uhr fünf"
    assert quantities.counted(value(Kind.CARDINAL, "1,5"), context).text == "eins Komma fünf"
    assert spelling.digit_row(value(Kind.DIGITS, "10"), context).text == "eins null"


@pytest.mark.parametrize(
    ("written", "left", "language", "spoken"),
    [
        ("V", "Charles ", "en", "the fifth"),
        ("II", "Elizabeth ", "en", "the second"),
        ("III", "Karl ", "de", "der Dritte"),
        ("XIV", "Luis ", "es", "catorce"),
        ("II", "Isabel ", "es", "segunda"),
        ("IX", "Chapter ", "en", "nine"),
    ],
)
def test_a_roman_numeral_after_its_head(written: str, left: str, language: str, spoken: str) -> None:
    assert roman_words(written, left, language) == spoken


@pytest.mark.parametrize(
    ("language", "right", "gender", "follows"),
    [
        ("es", " personas", "f", True),
        ("es", " días", "m", True),
        ("fr", " Marseille", "m", True),
        ("de", " Häuser", "m", True),
        ("de", ".", "m", False),
    ],
)
def test_the_noun_after_a_number_gives_its_gender(
    language: str, right: str, gender: str, follows: bool
) -> None:
    assert spoken(language, "").agreement.noun_after("", right) == (gender, follows)


@pytest.mark.parametrize(
    ("language", "gender", "left", "right", "words"),
    [
        ("it", "f", "", " amica", "un'"),
        ("it", "f", "", " casa", "una"),
        ("it", "m", "", " studente", "uno"),
        ("it", "m", "", " gatto", "un"),
        ("de", "f", "mit ", " Nachricht", "einer"),
        ("de", "m", "mit ", " Tag", "einem"),
    ],
)
def test_one_agrees_with_what_follows(language: str, gender: str, left: str, right: str, words: str) -> None:
    agreement = spoken(language, "").agreement
    assert agreement.one_before("ein", gender, left, right)[0] == words


def test_millions_are_of_something() -> None:
    assert spoken("es", "").agreement.after_millions(" personas") == (" de", 0)
    assert spoken("fr", "").agreement.after_millions(" euros") == (" d'", 1)
    assert spoken("en", "").agreement.after_millions(" people") == ("", 0)


def test_word_lists_are_running_text() -> None:
    assert words("one two", " three\n") == {"one", "two", "three"}


@pytest.mark.parametrize(
    ("written", "language"), [("Nov 26", "de"), ("nov. 26", "fr"), ("Nov-26", "it"), ("dez 26", "pt")]
)
def test_a_month_before_two_figures_has_two_readings_where_days_come_first(
    written: str, language: str
) -> None:
    with pytest.raises(UnreadableValueError, match=r"2026 or the day 26"):
        said(Kind.DATE, written, language)


def test_a_month_before_two_figures_is_a_day_where_months_come_first() -> None:
    assert said(Kind.DATE, "Nov 26") == "November twenty-sixth"
    assert said(Kind.DATE, "26. Nov", "de") == "sechsundzwanzigster November"


def test_a_flag_is_never_said() -> None:
    with pytest.raises(UnreadableValueError, match="is a flag"):
        said(Kind.FLAG, "yes")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "midnight"),
        ("de", "vierundzwanzig Uhr"),
        ("es", "veinticuatro horas"),
        ("fr", "minuit"),
        ("it", "ventiquattro"),
        ("pt", "vinte e quatro horas"),
        ("zh", "二十四点"),
    ],
)
def test_the_end_of_a_day_is_not_its_beginning(language: str, words: str) -> None:
    assert said(Kind.TIME, "24:00", language) == said(Kind.TIME, "24:00:00", language) == words
