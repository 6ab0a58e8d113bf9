"""A reading owns its edges: what touches it is read with it, or the row is refused; it is never passed over."""

from __future__ import annotations

import itertools

import pytest

from campaign.errors import RowError
from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import Composition, FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.languages.registry import codes
from campaign.speech.typed import UnreadableValueError
from campaign.speech.values.tokeniser import find_values, with_edges

LANGUAGES = sorted(codes())
VALUES = {
    "amount": "12,50 €",
    "amount before": "€20",
    "size": "3 Mio.",
    "number": "7",
    "large": "1.234.567",
    "decimal": "2,5",
    "year": "1984",
    "time": "9:30",
    "hour": "14 h",
    "date": "03.12.2026",
    "iso": "2026-12-03",
    "code": "A4-7731",
    "row": "483920",
    "measure": "5 kg",
    "percent": "20 %",
    "fraction": "1/2",
    "telephone": "+49 30 1234567",
}
JOINTS = ("-", "–", ":", "/", ".", ",", '"', "€", "−", "*")


def front_end(language: str) -> FrontEnd:
    source = TemplateSource(name="t.txt", text="{{ text }}")
    return FrontEnd(FrontEndConfig(templates={language: source}, languages=(language,)))


def unread_joints(composition: Composition, joint: str) -> list[str]:
    """The joint, where it stands in the trace as a piece that nothing was made of, between pieces with figures."""
    pieces = [piece for sentence in composition.trace.sentences for piece in sentence.spoken.pieces]
    return [
        f"{left.written}{middle.written}{right.written}"
        for left, middle, right in zip(pieces, pieces[1:], pieces[2:], strict=False)
        if middle.written == middle.text == joint
        and left.written[-1:].isdigit()
        and right.written[:1].isdigit()
        and not middle.step
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_joint_between_two_values_is_passed_over(language: str) -> None:
    """Every kind beside every kind, with everything between: read with them, or refused."""
    spoken = front_end(language)
    passed: list[str] = []
    refused = 0
    for (_, first), (_, second), joint in itertools.product(VALUES.items(), VALUES.items(), JOINTS):
        try:
            composition = spoken.compose(locale=language, fields={"text": f"({first}{joint}{second})"})
        except RowError as error:
            assert error.mend
            refused += 1
            continue
        assert not any(character.isdigit() for character in composition.spoken_text)
        passed += unread_joints(composition, joint)
    assert passed == []
    assert refused > 100, "nothing is refused any more"


@pytest.mark.parametrize(
    ("language", "text", "sign"),
    [
        ("en", "Lunch is 12:30-1.5.", "'-'"),
        ("en", "Pay$20now.", "'$'"),
        ("de", "Die Liste 1,2,3,4 gilt.", "','"),
        ("en", "sizes 9000,000 of it", "','"),
        ("fr", "La liste 1,2,3,4 est close.", "','"),
        ("es", "vale 1/100.000 de algo", "'.'"),
        ("it", "Saldo: € 12,50-", "'-'"),
    ],
)
def test_what_touches_a_value_is_named_with_its_place(language: str, text: str, sign: str) -> None:
    with pytest.raises(UnreadableValueError) as refused:
        with_edges(text, language)
    assert refused.value.code == "unclear-value"
    assert f"touched by {sign} in" in refused.value.reason
    assert find_values(text, language), "the value itself is found: it is the edge that is refused"


@pytest.mark.parametrize(
    ("language", "text", "edges"),
    [
        ("en", "Pay $5.", [("space", "full stop")]),
        ("en", "(5 kg)", [("opening bracket", "closing bracket")]),
        ("en", 'Press "1".', [("quotation mark", "quotation mark")]),
        ("en", "9:30-5", [("start", "neighbour"), ("neighbour", "neighbour"), ("neighbour", "end")]),
        ("zh", "共5元。", [("letter", "。")]),
    ],
)
def test_edges_say_what_stands_at_both_ends(language: str, text: str, edges: list[tuple[str, str]]) -> None:
    found = [(span.edges.left, span.edges.right) for span in with_edges(text, language) if span.edges]
    assert found == edges


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("en", "Lunch is 12:30-1.", "Lunch is twelve thirty to one."),
        ("es", "Abierto 9:30-17.", "Abierto nueve treinta a diecisiete horas."),
        ("de", "Offen 9-17 Uhr.", "Offen neun bis siebzehn Uhr."),
        ("en", "Open 1 - 5 p.m.", "Open one to five PM."),
        ("en", "Take 2 x 500 mg.", "Take two times five hundred milligrams."),
        ("de", "Nehmen Sie 1-0-0-½.", "Nehmen Sie eins, null, null, einhalb."),
        ("it", "Sono 2.300.000.000 di euro.", "Sono due miliardi trecento milioni di euro."),
        ("en", "A loss of $1.5-2 million.", "A loss of one point five to two million dollars."),
        ("en", "Give 10 mg/5 ml.", "Give ten milligrams per five milliliters."),
        ("de", "Am 5./6. Juni.", "Am fünften und sechsten Juni."),
        (
            "en-IN",
            "Pay ₹12,34,567.50.",
            "Pay one million two hundred and thirty-four thousand five hundred and sixty-seven rupees and fifty paise.",
        ),
        ("en-US", "Press # now.", "Press pound now."),
        ("en-GB", "Press # now.", "Press hash now."),
    ],
)
def test_larger_kinds_take_what_the_smaller_left(language: str, text: str, spoken: str) -> None:
    primary = language.partition("-")[0]
    said = front_end(primary).compose(locale=language, fields={"text": text}).spoken_text
    assert said == spoken


def composed(text: str, **fields: str) -> str:
    source = TemplateSource(name="t.txt", text=text)
    columns = {"a": parse_column_type("cardinal"), "b": parse_column_type("cardinal")}
    columns |= {
        "m": parse_column_type("money EUR"),
        "f": parse_column_type("time"),
        "t": parse_column_type("time"),
    }
    config = FrontEndConfig(templates={"de": source}, languages=("de",), columns=columns)
    return FrontEnd(config).compose(locale="de", fields=fields).spoken_text


def test_the_dash_between_two_fields_is_a_range() -> None:
    assert (
        composed("Offen {{ f }}-{{ t }}.", f="9:30", t="17:00") == "Offen neun Uhr dreißig bis siebzehn Uhr."
    )
    assert composed("Zwischen {{ a }} – {{ b }}.", a="3", b="5") == "Zwischen drei und fünf."


@pytest.mark.parametrize(
    ("template", "sign"),
    [
        ("Saldo: -{{ m }}.", "-"),
        ("Nr. 1{{ a }}.", "1"),
        ("Es sind {{ a }}5.", "5"),
        ("Es sind {{ a }},5.", ","),
        ("Es sind 3,{{ a }}.", ","),
        ("Von {{ a }}-7 Uhr.", "-"),
    ],
)
def test_what_a_template_writes_to_a_field_never_changes_its_number(template: str, sign: str) -> None:
    with pytest.raises(RowError, match="is touched by") as refused:
        composed(template, a="12", m="12,50")
    assert refused.value.code == "unclear-value"
    assert repr(sign) in refused.value.reason


@pytest.mark.parametrize(
    ("template", "spoken"),
    [
        ("Es sind {{ a }}-mal.", "Es sind zwölf-mal."),
        ("Saldo ({{ m }}): gut", "Saldo (zwölf Euro und fünfzig Cent): gut"),
        ("Kunden-{{ a }} ist da.", "Kunden-zwölf ist da."),
        ("Zahlen Sie {{ m }}, bitte.", "Zahlen Sie zwölf Euro und fünfzig Cent, bitte."),
    ],
)
def test_what_says_nothing_of_the_number_may_touch_it(template: str, spoken: str) -> None:
    assert composed(template, a="12", m="12,50") == spoken
