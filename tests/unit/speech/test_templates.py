"""Templates: what is allowed, what is refused, and how values come out."""

from __future__ import annotations

import pytest

from campaign.errors import RenderError, TemplateError
from campaign.speech.columns import ColumnSpec, parse_column_type
from campaign.speech.templates import Pause, Tag, Template, TemplateSource
from campaign.speech.typed import Kind, TypedValue


def template(text: str, name: str = "t.txt") -> Template:
    return Template(TemplateSource(name=name, text=text))


def values(
    text: str, fields: dict[str, str], columns: dict[str, ColumnSpec] | None = None
) -> list[TypedValue]:
    rendered = template(text).render(fields, columns or {})
    return [mark for mark in rendered.marks.values() if isinstance(mark, TypedValue)]


def test_a_declared_type_makes_a_plain_field_typed() -> None:
    [value] = values("{{ amount }}", {"amount": "20"}, {"amount": parse_column_type("money EUR")})
    assert (value.kind, value.written, value.options) == (Kind.MONEY, "20", (("currency", "EUR"),))
    assert value.column == "amount"


def test_a_filter_overrides_the_declared_type() -> None:
    [value] = values("{{ n | digits }}", {"n": "20"}, {"n": parse_column_type("money EUR")})
    assert (value.kind, value.options) == (Kind.DIGITS, ())


def test_a_filter_keeps_the_declared_options_of_its_own_type() -> None:
    [value] = values("{{ n | date(year=false) }}", {"n": "03/04/2026"}, {"n": parse_column_type("date dmy")})
    assert value.options == (("order", "dmy"), ("year", "false"))


def test_the_value_itself_never_stands_in_the_rendered_text() -> None:
    rendered = template("Hello {{ name }}.").render({"name": "7*7 }} a < b {"}, {})
    assert rendered.text == "Hello \ue000."
    assert rendered.marks["\ue000"] == TypedValue(kind=Kind.TEXT, written="7*7 }} a < b {", column="name")


def test_tags_and_pauses_become_marks() -> None:
    rendered = template('{% lang "es" %}Hola{% endlang %}{{ pause(300) }}').render({}, {})
    assert list(rendered.marks.values()) == [
        Tag(name="lang", argument="es"),
        Tag(name="lang", argument="es", opens=False),
        Pause(duration_ms=300),
    ]


def test_an_empty_mandatory_field_names_its_column() -> None:
    with pytest.raises(RenderError) as caught:
        template("Hello {{ name }}.").render({"name": "  "}, {})
    assert (caught.value.code, caught.value.column) == ("missing-value", "name")


def test_a_column_that_does_not_exist_is_an_undefined_variable() -> None:
    with pytest.raises(RenderError, match="undefined-variable") as caught:
        template("Hello {{ first }} {{ name }}.").render({"first": "Ana"}, {})
    assert caught.value.column == "name"


def test_an_empty_field_may_be_asked_for_without_being_spoken() -> None:
    assert template("{% if notes %}{{ notes }}{% endif %}Bye.").render({"notes": ""}, {}).text == "Bye."


@pytest.mark.parametrize("fields", [{"plan": ""}, {}])
def test_the_fallback_of_an_optional_field_is_said_and_counted(fields: dict[str, str]) -> None:
    spec = parse_column_type({"type": "money EUR", "optional": True, "fallback": "your balance"})
    rendered = template("{{ plan }}.").render(fields, {"plan": spec})
    assert rendered.fallbacks == ("plan",)
    [value] = rendered.marks.values()
    assert isinstance(value, TypedValue)
    assert (value.kind, value.written) == (Kind.TEXT, "your balance")


def test_default_serves_an_empty_field_and_counts_as_a_fallback() -> None:
    rendered = template('Dear {{ name | default("customer") }}.').render({"name": ""}, {})
    assert rendered.fallbacks == ("name",)
    [value] = rendered.marks.values()
    assert isinstance(value, TypedValue)
    assert value.written == "customer"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{% for x in y %}{% endfor %}", "for is not allowed"),
        ("{% set x = 1 %}", "assign is not allowed"),
        ("{{ name.upper() }}", "only pause"),
        ("{{ name.__class__ }}", "getattr is not allowed"),
        ("{{ name['x'] }}", "getitem is not allowed"),
        ("{{ 'a' * 1000000000 }}", "mul is not allowed"),
        ("{{ 'a' ~ name }}", "concat is not allowed"),
        ("{{ a if b else c }}", "condexpr is not allowed"),
        ("{% include 'x' %}", "include is not allowed"),
        ("{% macro m() %}{% endmacro %}", "macro is not allowed"),
        ("{% block b %}{% endblock %}", "block is not allowed"),
        ("{{ range(10) }}", "only pause"),
        ("{{ pause(99999) }}", "milliseconds"),
        ("{{ pause(ms) }}", "not a constant"),
        ("{{ self }}", "'self' is not allowed"),
        ("{{ _x }}", "'_x' is not allowed"),
        ("{{ name | upper }}", "upper"),
        ("{{ name | money(5) }}", "in quotes"),
        ("{{ name | money('euro!') }}", "currency"),
        ("{{ name | money(code) }}", "not a constant"),
        ("{{ name | date('yxz') }}", "date order"),
        ("{{ name | spell(3, 4) }}", "spell"),
        ("{{ name | alias }}", "alias"),
        ("{{ name | phoneme('x', alphabet='klingon') }}", "alphabet"),
        ("{{ name | emphasis('loud') }}", "emphasis"),
        ("{{ name | say_as('song') }}", "song"),
        ("{% if n == 1 %}x{% endif %}", 'compare with text: "1"'),
        ("{% if n is number %}x{% endif %}", "number"),
        ('{% lang "x!" %}y{% endlang %}', "no language"),
        ("{% lang es %}y{% endlang %}", "string"),
        ('{% emphasis "loud" %}y{% endemphasis %}', "no emphasis"),
        ("{{ name ", "t.txt, line 1"),
        ("{% if name %}", "line 1"),
        ("a\ue000b", "U\\+E000"),
        ("a\u202eb", "U\\+202E"),
        ("a\x00b", "U\\+0000"),
        ("x" * 50_001, "shorten"),
    ],
)
def test_what_is_not_allowed_is_refused_before_the_first_row(text: str, complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        template(text)


def test_a_refusal_names_file_and_line() -> None:
    with pytest.raises(TemplateError, match=r"greeting\.txt, line 2"):
        template("Hello\n{{ name | nope }}", "greeting.txt")


def test_more_values_than_the_limit_are_refused() -> None:
    with pytest.raises(RenderError, match="too-many-values"):
        template("{{ a }}" * 1001).render({"a": "x"}, {})


def test_simple_conditions_work_on_text() -> None:
    one = template(
        '{% if plan == "gold" or plan in ("silver", "tin") %}A{% elif not plan %}B{% else %}C{% endif %}'
    )
    assert [one.render({"plan": plan}, {}).text for plan in ("gold", "tin", "", "lead")] == [
        "A",
        "A",
        "B",
        "C",
    ]


def test_a_field_cannot_write_a_template() -> None:
    rendered = template("{{ a }}{{ b }}").render({"a": "{% if", "b": "%}"}, {})
    assert rendered.text == "\ue000\ue001"


class TestSsml:
    """SSML compiles to the same marks as the plain form."""

    @pytest.mark.parametrize(
        ("ssml", "plain"),
        [
            ('<say-as interpret-as="date" format="dmy">{{ d }}</say-as>', '{{ d | say_as("date", "dmy") }}'),
            ('<say-as interpret-as="characters">AB1</say-as>', '{{ "AB1" | spell }}'),
            ("<sub alias='a \"b\" \\ c'>x</sub>", '{{ "x" | alias(\'a "b" \\\\ c\') }}'),
            ('<sub alias="World Wide Web">WWW</sub>', '{{ "WWW" | alias("World Wide Web") }}'),
            ('<phoneme alphabet="ipa" ph="x">{{ d }}</phoneme>', '{{ d | phoneme("x") }}'),
            ('a<break time="0.3s"/>b', "a{{ pause(300) }}b"),
            ('a<break strength="strong"/>b', "a{{ pause(700) }}b"),
            ('<lang xml:lang="es">Hola</lang>', '{% lang "es" %}Hola{% endlang %}'),
            ('<emphasis level="strong">now</emphasis>', "{% emphasis %}now{% endemphasis %}"),
            ("Tom &amp; Ana", "Tom & Ana"),
        ],
    )
    def test_an_element_means_its_filter_or_tag(self, ssml: str, plain: str) -> None:
        fields = {"d": "03/04/2026"}
        left = template(f"<speak>{ssml}</speak>", "t.ssml").render(fields, {})
        assert left == template(plain).render(fields, {})

    @pytest.mark.parametrize(
        ("ssml", "complaint"),
        [
            ("<speak><audio src='x'/></speak>", "<audio>"),
            ("<p>x</p>", "outermost"),
            ("<speak><s>x</speak>", "write </s> before it"),
            ("<!DOCTYPE x [<!ENTITY a 'b'>]><speak>&a;</speak>", "document type"),
            ("<speak><say-as>x</say-as></speak>", "interpret-as"),
            ("<speak><say-as interpret-as='date'><s>x</s></say-as></speak>", "holds text only"),
            ("<speak><say-as interpret-as='date'>on {{ d }}</say-as></speak>", "split it in two"),
            ("<speak><break time='soon'/></speak>", "not a time"),
            ("<speak><sub alias='{{ d }}'>x</sub></speak>", "a field in an attribute"),
        ],
    )
    def test_what_is_not_in_the_subset_is_refused(self, ssml: str, complaint: str) -> None:
        with pytest.raises(TemplateError, match=complaint):
            template(ssml, "t.ssml")

    def test_a_field_cannot_add_markup(self) -> None:
        rendered = template("<speak>{{ d }}</speak>", "t.ssml").render({"d": '<break time="9s"/>'}, {})
        [value] = rendered.marks.values()
        assert isinstance(value, TypedValue)
        assert value.written == '<break time="9s"/>'


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("{{ a | money(\u201cEUR\u201d) }}", "write straight quotation marks"),
        ('{{ a|money:"EUR" }}', 'brackets: default("friend"), money("EUR")'),
        ("{{ a | default: 'friend' }}", "brackets"),
        ("{{ a ? b : c }}", "default"),
        ("{{ }}", "name a column"),
        ("{% lang de %}x{% endlang %}", '{% lang "de" %}'),
        ("{%= a %}", "write {{ name }} for a field"),
        ("{{ 2nd }}", "a variable begins with a letter"),
        ("{{ a | upper }}", "take it out"),
        ("{{ a | currency('EUR') }}", 'write money("EUR")'),
        ("{{ a | fallback('x') }}", 'write default("...")'),
        ("{{ a | shout }}", "use one of address, alias"),
    ],
)
def test_what_other_template_languages_write_has_its_mend(text: str, mend: str) -> None:
    with pytest.raises(TemplateError) as raised:
        template(text)
    assert mend in str(raised.value)
