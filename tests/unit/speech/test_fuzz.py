"""Whatever a row holds, the front end says it or refuses it with a code: no crash, no hang, nothing unspeakable."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.errors import RowError, TemplateError
from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import Composition, FrontEnd, FrontEndConfig
from campaign.speech.guard import unspeakable
from campaign.speech.languages import registry
from campaign.speech.languages.sentences import sentence_ends
from campaign.speech.templates import Template, TemplateSource
from campaign.speech.values.tokeniser import find_values
from campaign.speech.verbalise.written import month_names
from tests.examples import examples

LANGUAGES = ("en", "es", "de", "fr", "it", "pt", "zh", "ru")
TYPES = (
    "text",
    "name",
    "money EUR",
    "date",
    "time",
    "telephone",
    "spell",
    "digits",
    "cardinal",
    "ordinal",
    "unit kg",
    "fraction",
)
FIELDS = {f"f{index}": declared for index, declared in enumerate(TYPES)}
BODY = "Hello {{ f1 }}. " + " ".join(
    f"{{% if f{index} %}}Value {{{{ f{index} }}}} here.{{% endif %}}" for index in range(len(TYPES))
)
FRONT_END = FrontEnd(
    FrontEndConfig(
        templates={language: TemplateSource(name=f"{language}.txt", text=BODY) for language in LANGUAGES},
        columns={
            name: parse_column_type(
                {"type": declared, "optional": True, "language": "auto"}
                if declared == "text"
                else {"type": declared, "optional": True}
            )
            for name, declared in FIELDS.items()
        },
        languages=LANGUAGES,
        cached_sentences=500,
    )
)
WRITTEN = st.text(
    alphabet=st.sampled_from("0123456789.,:;/-–+ ()€$£%&°ºª'\"hHaApPmMxX#@½zß\u00a0日Б月元"), max_size=24
)
ANY = st.text(max_size=40)
BROKEN = st.text(
    alphabet=st.characters(categories=["Cs", "Co", "Cc", "Cf", "So", "Nd", "Lo", "Mn"]), max_size=12
)
HOSTILE = st.sampled_from(
    [
        "{{ x }}",
        "{% raw %}",
        "[[a]]",
        "{",
        "]]>",
        "<break/>",
        "\x00",
        "\ud800",
        "\ue000",
        "\u202e",
        "a" * 10_000,
        "1" * 400,
        "." * 300,
        "(" * 300,
        "9" * 40 + " €",
        "1" * 4500,
        "1/0",
        "0/0",
        "99:99",
        "2026-02-30",
    ]
)
SIGNS = [
    *"/-–:., x×~*\"'°º#+±<A",
    "",
    " ",
    "XIV",
    "Mio.",
    "¢",
    "€",
    "$",
    "%",
    "**",
    "点",
    "月",
    "元",
    "前",
    "室",
]
FIGURES = ["0", "00", "1", "12", "25", "31", "99", "2024", "5.5", "3,5", "1.234", "1 000", "'80", "9" * 20]


def fragments(language: str) -> list[str]:
    """The words that the recogniser looks for in a language, with figures and signs."""
    room = registry.language(language)
    if room is None:
        return [*FIGURES, *SIGNS]
    leads, forms = room.leads, room.forms
    heads = (leads.code, leads.day, leads.year, leads.time, leads.section, leads.ratio, leads.pressure)
    closed = (forms.short, forms.numeric, forms.weekdays, forms.periods, forms.slashed)
    known = [word for table in (*heads, *closed) for word in table]
    return [*known, *room.units, *month_names(language), *FIGURES, *SIGNS]


PIECES = {language: st.lists(st.sampled_from(fragments(language)), max_size=8) for language in LANGUAGES}
VALUE = st.one_of(WRITTEN, ANY, BROKEN, HOSTILE)
FUZZ = examples(150)


def spoken(locale: str, fields: Mapping[str, str]) -> Composition | None:
    try:
        return FRONT_END.compose(locale=locale, fields=fields)
    except RowError as error:
        assert error.code
        assert error.mend
        return None


@FUZZ
@given(st.sampled_from(LANGUAGES), st.sampled_from(sorted(FIELDS)), VALUE)
@example("de", "f0", "1.234,50 € am 3.12. um 15h45 24/7 A4-7731")
@example("fr", "f0", "1\u202f234 €")
@example("en", "f3", "¹")
@example("en", "f6", "¹")
def test_any_value_of_any_type_is_said_or_refused(locale: str, field: str, value: str) -> None:
    composition = spoken(locale, {field: value})
    if composition is None:
        return
    assert composition.utterances
    for utterance in composition.utterances:
        assert utterance.spans
        for span in utterance.spans:
            assert unspeakable(span.text) is None
            assert not any(c.isdigit() for c in span.text)
            assert span.text == span.text.strip() != ""
    assert composition.trace.as_json()["script"] == composition.script


@FUZZ
@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_sentences_cover_any_text(text: str, language: str) -> None:
    ends = sentence_ends(text, language)
    assert ends[-1] == len(text)
    assert list(ends) == sorted(ends)


@FUZZ
@given(WRITTEN, st.sampled_from(LANGUAGES), st.sampled_from(["", "US", "GB", "CH", "MX", "BR"]))
def test_found_values_never_overlap(text: str, language: str, region: str) -> None:
    found = find_values(text, language, region)
    position = 0
    for one in found:
        assert position <= one.start < one.end <= len(text)
        assert one.value.written.strip() in text
        position = one.end


@FUZZ
@given(
    st.text(alphabet=st.sampled_from("{}%#|\"'()<>&ab. pauselngif=1\n"), max_size=60),
    st.sampled_from(["t.txt", "t.ssml"]),
)
def test_any_template_compiles_or_is_refused(text: str, name: str) -> None:
    source = f"<speak>{text}</speak>" if name.endswith("ssml") else text
    try:
        template = Template(TemplateSource(name=name, text=source))
        template.render(dict.fromkeys(template.variables, "x"), {})
    except (TemplateError, RowError) as error:
        assert str(error)


@FUZZ
@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_a_row_says_the_same_every_time(text: str, locale: str) -> None:
    first = spoken(locale, {"f0": text})
    again = spoken(locale, {"f0": text})
    assert (first and first.utterances) == (again and again.utterances)


@examples(1_000)
@given(st.sampled_from(LANGUAGES).flatmap(lambda one: st.tuples(st.just(one), PIECES[one])))
@example(("en", ["Section ", "9" * 20, ".", "1"]))
@example(("de", ["9" * 20, " ", "Mio.", " "]))
@example(("en", ["may", " ", "0", "-", "5"]))
def test_whatever_the_recogniser_knows_is_said_or_refused(drawn: tuple[str, list[str]]) -> None:
    language, pieces = drawn
    spoken(language, {"f0": "".join(pieces)})


@pytest.mark.timeout(120)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "run",
    [
        "*",
        "x",
        "9",
        "1-",
        "1.",
        "a/",
        "1 2 ",
        "* x ",
        "**** ",
        "Louis X",
        "IV X A-1/B2.",
        "1234 Elm Oak ",
        "12 h. ",
    ],
)
def test_a_long_run_of_anything_does_not_hang_the_recogniser(language: str, run: str) -> None:
    text = run * (5_000 // len(run))
    assert all(text[one.start : one.end] for one in find_values(text, language))
