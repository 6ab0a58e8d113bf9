"""What any text suffers between two programs: mended where it is certain, else refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.speech.fields.cleaning import cleaned, refuse_damaged, refuse_damaged_name
from campaign.speech.typed import UnreadableValueError

WORDS = st.text(
    alphabet=st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="&\xa0"), max_size=40
)
ANYTHING = st.text(alphabet="aÃ¼é&;#x39 \n\t\u2028\x85\xa0Â€â™ampltquo\u200e\u200b", max_size=40)


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        ("Ann &amp; Bo", "Ann & Bo"),
        ("O&#39;Neil", "O'Neil"),
        ("Fran&ccedil;ois", "François"),
        ("FRAN&CCEDIL;OIS", "FRANÇOIS"),
        ("&amp;amp;eacute;", "é"),
        ("A&nbsp;B", "A B"),
        ("Marks &amp Spencer", "Marks & Spencer"),
    ],
)
def test_entities_are_decoded(damaged: str, mended: str) -> None:
    assert cleaned(damaged) == (mended, ("entities",))


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        ("MÃ¼ller", "Müller"),
        ("FranÃ§ois", "François"),
        ("Å aÅ¡a", "Šaša"),
        ("MÃƒÂ¼ller", "Müller"),
        ("donâ€™t", "don’t"),
        ("don\x92t", "don’t"),
        ("Ð˜Ð²Ð°Ð½", "Иван"),
        ("LÃ©a & Müller", "Léa & Müller"),
    ],
)
def test_utf_8_that_was_read_as_something_else_is_read_anew(damaged: str, mended: str) -> None:
    assert cleaned(damaged) == (mended, ("mojibake",))


@pytest.mark.parametrize(
    "text",
    ["AT&T", "A & B", "R&D;", "Q&A; more", "&", "Marks&Spencer;", "a&lt=3", "JOÃO", "IRMÃ…", "CAFÉ™", "Zoë™", "Spaß…",
     "Ångström", "Đặng Thị", "ÇELİK", "„Ann“", "«À»", "Ç’a été", "Úžasný", "Москва", "東京", "a < b > c"],
)  # fmt: skip
def test_what_is_right_stays_and_passes(text: str) -> None:
    assert cleaned(text) == (text, ())
    refuse_damaged(text)


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\r", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_line_end_within_a_field_is_a_blank(sign: str) -> None:
    assert cleaned(f"Ann{sign}Lee") == ("Ann Lee", ("line-break",))


@pytest.mark.parametrize("sign", ["\xa0", "\u202f", "\u3000", "\u2009", "   "])
def test_every_blank_is_a_blank(sign: str) -> None:
    assert cleaned(f" Ann{sign}Lee ") == ("Ann Lee", ())


@pytest.mark.parametrize("text", ["\u202a+44 20\u202c", "\u200e+44 20", "\x1f+44 20"])
def test_unseen_marks_around_a_value_are_left_out_and_told(text: str) -> None:
    assert cleaned(text) == ("+44 20", ("unseen-marks",))


def test_a_zero_width_space_parts_two_words_and_is_nothing_elsewhere() -> None:
    assert cleaned("Ann\u200bLee") == ("Ann Lee", ("unseen-marks",))
    assert cleaned("\u200b0171\u200b22 Ann\u200b") == ("017122 Ann", ())


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("<b>Ann</b>", "html-tag", "'<b>'"),
        ("Ann<br/>Lee", "html-tag", "'<br/>'"),
        ("&foo;", "unknown-entity", "'&foo;'"),
        ("M\ufffdller", "mojibake", "a character was lost"),
        ("GarcÃa", "mojibake", "lost a part"),
        ("â€œAnnâ€", "mojibake", "lost a part"),
        ("Ã…ngström", "mojibake", "lost a part"),
        ("ÅžiÅŸli", "mojibake", "'Şişli', UTF-8 that was read as cp1252"),
        ("MĂĽller", "mojibake", "'Müller', UTF-8 that was read as cp1250"),
        ("M├╝ller", "mojibake", "'Müller', UTF-8 that was read as cp437"),
        ("JosŽ", "mojibake", "'José', Mac OS Roman"),
    ],
)
def test_what_nobody_can_mend_for_certain_is_refused(text: str, code: str, told: str) -> None:
    assert cleaned(text).text == text
    with pytest.raises(UnreadableValueError, match=told) as caught:
        refuse_damaged(text)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["Fran?ois", "M³ller", "Bj÷rn"])
def test_a_sign_in_a_name_where_a_letter_was_is_refused(name: str) -> None:
    with pytest.raises(UnreadableValueError, match="where a letter was"):
        refuse_damaged_name(name)


@pytest.mark.parametrize("name", ["Ann undefined", "null Smith", "Ann NaN Lee"])
def test_a_name_with_a_part_that_a_program_did_not_have_is_refused(name: str) -> None:
    with pytest.raises(UnreadableValueError, match="does not have"):
        refuse_damaged_name(name)


@pytest.mark.parametrize(
    "name", ["Ann Null", "Nullmeier", "Nan Goldin", "Ann?", "Mª José", "O’Neil", "Jean-Luc", "A/B", "5 m²"]
)
def test_a_sign_that_names_have_is_taken(name: str) -> None:
    refuse_damaged_name(name)


def test_entities_without_end_are_refused() -> None:
    text = cleaned("&" + "amp;" * 1_200).text
    with pytest.raises(UnreadableValueError, match="'&amp;'"):
        refuse_damaged(text)


@given(ANYTHING)
def test_what_is_cleaned_is_clean(text: str) -> None:
    once = cleaned(text).text
    assert cleaned(once) == (once, ())


@given(WORDS.filter(str.isascii))
def test_clean_text_is_unchanged_but_for_its_blanks(text: str) -> None:
    assert cleaned(text) == (" ".join(text.split()), ())


@given(
    st.lists(
        st.sampled_from(["0", "7", "٣", "１", "é", "ü ", "\n", "\u200e", "\xa0", "x", "Ã¼", "+"]), max_size=20
    )
)
def test_no_figure_ever_vanishes(parts: list[str]) -> None:
    text = "".join(parts)
    assert [c for c in cleaned(text).text if c.isdigit()] == [c for c in text if c.isdigit()]


@pytest.mark.parametrize(
    ("damaged", "mended"), [("O''Neil", "O'Neil"), (r"O\'Neil", "O'Neil"), (r"O\\'Neil", "O'Neil")]
)
def test_an_apostrophe_as_a_statement_writes_it_is_one(damaged: str, mended: str) -> None:
    assert cleaned(damaged) == (mended, ("escaped-apostrophe",))


@pytest.mark.parametrize(
    "text", ["Jos%C3%A9", "Ann%20Lee", "=?UTF-8?Q?Jos=C3=A9?=", "Jos=C3=A9", r"Jos\u00e9", r"Jos\xc3\xa9"]
)
def test_a_letter_as_addresses_and_programs_write_it_is_refused(text: str) -> None:
    with pytest.raises(UnreadableValueError) as raised:
        refuse_damaged(text)
    assert raised.value.code == "escaped-text"


@pytest.mark.parametrize("text", ["50%20", "100% of 20%", "a=b", "20 % 30", "x = 5"])
def test_a_percent_or_an_equals_sign_is_one(text: str) -> None:
    refuse_damaged(text)
