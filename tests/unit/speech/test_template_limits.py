"""How deep, long and large a template may be: refused when it is loaded, with its line and a mend, at any door."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import pytest

from campaign.errors import TemplateError
from campaign.speech.columns import ColumnSpec
from campaign.speech.template_syntax import MAX_BLOCKS, MAX_BRACKETS, MAX_BRANCHES, MAX_STEPS
from campaign.speech.templates import MAX_TEMPLATE_CHARACTERS, Template, TemplateSource

DEEP = {
    "80 brackets": "{{ " + "(" * 80 + "name" + ")" * 80 + " }}",
    "brackets that never close": "{{ " + "(" * 5_000,
    "lists in lists": "{% if a in " + "[" * 200 + "]" * 200 + " %}x{% endif %}",
    "tables in tables": "{{ " + "{1:" * 300,
    "openings": "{{" * 20_000,
    "150 ifs": "{% if a %}" * 150 + "x" + "{% endif %}" * 150,
    "tags in tags": "{% lang 'de' %}" * 150 + "x" + "{% endlang %}" * 150,
    "loops in loops": "{% for a in b %}" * 3_000,
    "sets in sets": "{% set x %}" * 3_000,
    "blocks in blocks": "{% block a %}" * 3_000,
    "elifs": "{% if a %}x" + "{% elif a == '2' %}y" * 2_000 + "{% endif %}",
    "nots": "{% if " + "not " * 3_000 + "a %}x{% endif %}",
    "signs": "{{ " + "-" * 3_000 + "1 }}",
    "ands": "{% if " + " and ".join(["a"] * 3_000) + " %}x{% endif %}",
    "filters": "{{ name" + "|text" * 3_000 + " }}",
    "choices": "{{ " + "a if b else " * 3_000 + "c }}",
    "powers": "{{ " + "**".join(["2"] * 3_000) + " }}",
    "calls": "{{ pause" + "(1)" * 3_000 + " }}",
    "attributes": "{{ name" + ".a" * 3_000 + " }}",
    "comparisons": "{% if " + " == ".join(["a"] * 3_000) + " %}x{% endif %}",
    "items": "{% if a in (" + ",".join(["'x'"] * 5_000) + ") %}x{% endif %}",
    "a number of 10,000 figures": "{{ 1" + "0" * 10_000 + " }}",
    "a pause of 5,000 figures": "{{ pause(1" + "0" * 5_000 + ") }}",
    "a number of 20,000 in hexadecimal": "{{ 0x" + "f" * 20_000 + " }}",
    "1e999": "{{ 1e999 }}",
    "-1e999": "{{ -1e999 }}",
    "1e999 compared with": "{% if a == 1e999 %}x{% endif %}",
    "1e20": "{{ 1e20 }}",
    "-1e-7": "{{ -1e-7 }}",
    "a ten-thousandth of a tenth": "{{ 0.00001 }}",
    "1e999 as a pause": "{{ pause(1e999) }}",
    "1e999 as words": "{{ name | alias(1e999) }}",
    "a block that has no line of its own": "{% autoescape true %}x{% endautoescape %}",
    "a range": "{% for x in range(10**9) %}x{% endfor %}",
    "a text times a number": "{{ 'a' * 10**9 }}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a file that includes": "{% include 't.txt' %}",
    "a file that imports": "{% import 't.txt' as t %}",
    "an argument twice": "{{ name | money(currency='EUR', currency='USD') }}",
    "minus a text": "{{ name | alias(-'a') }}",
}
NOTHING_TO_SAY = [
    *(
        "{{ pause }}",
        "{{ ['a', 'b'] }}",
        "{{ ('a', 'b') }}",
        "{{ name == 'x' }}",
        "{{ not name }}",
        "{{ none }}",
    ),
    *("{{ true }}", "{{ name is defined }}", "{{ ['a'] | money }}", "{{ name or ['a'] }}", "{{ -name }}"),
]


def template(text: str, name: str = "t.txt") -> Template:
    return Template(TemplateSource(name=name, text=text))


def with_frames_left(frames: int, work: Callable[[], object]) -> object:
    """As deep down as a request's handler may be."""
    used = 0
    frame = sys._getframe()
    while frame.f_back is not None:
        used, frame = used + 1, frame.f_back

    def down(left: int) -> object:
        return down(left - 1) if left else work()

    return down(sys.getrecursionlimit() - frames - used)


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_what_is_too_deep_or_large_is_refused_with_its_line_and_a_mend(text: str) -> None:
    with pytest.raises(TemplateError) as caught:
        template(f"Hello.\n{text}")
    assert str(caught.value).startswith("t.txt, line 2: ")
    assert ("; " in str(caught.value)) or ("write alias" in str(caught.value))
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", NOTHING_TO_SAY)
def test_what_is_no_text_is_never_said(text: str) -> None:
    with pytest.raises(TemplateError, match=r"^t\.txt, line 2: .*; "):
        template(f"Hello.\n{text}")


WIDEST = {
    "brackets": "{{ " + "(" * MAX_BRACKETS + "name" + ")" * MAX_BRACKETS + " }}",
    "blocks": "{% if name %}" * MAX_BLOCKS + "x" + "{% endif %}" * MAX_BLOCKS,
    "filters": "{{ name" + " | text" * MAX_STEPS + " }}",
    "nots": "{% if " + "not " * MAX_STEPS + "name %}x{% endif %}",
    "ands": "{% if " + " and ".join(["name"] * (MAX_STEPS + 1)) + " %}x{% endif %}",
    "elifs": "{% if name == '1' %}x" + "{% elif name == '2' %}y" * MAX_BRANCHES + "{% else %}z{% endif %}",
    "items": "{% if name in (" + ",".join(["'x'"] * 400) + ") %}x{% endif %}",
    "comments": "{# not a word #}" * 2_000,
}


@pytest.mark.parametrize("text", WIDEST.values(), ids=WIDEST.keys())
def test_what_a_limit_allows_is_compiled_and_filled_with_half_of_the_stack_gone(text: str) -> None:
    def work() -> object:
        return template(text).render({"name": "Zoe"}, {"name": ColumnSpec()})

    assert with_frames_left(500, work) is not None


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_it_is_refused_in_another_thread_too(text: str) -> None:
    found: list[BaseException] = []

    def work() -> None:
        try:
            template(text)
        except BaseException as exc:  # noqa: BLE001 - whatever comes is looked at below
            found.append(exc)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [type(exc) for exc in found] == [TemplateError]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<p>" * 3_000 + "x" + "</p>" * 3_000, "line 2, column 58: more than 20 elements within each other"),
        ('<break time="' + "9" * 5_000 + 's"/>', "is not a time"),
        ('<break time="999999s"/>', "milliseconds"),
        ("&lol;", "line 2, column 1: &lol; is none of XML's"),
        ("<p>{{ " + "(" * 80 + "}}</p>", "brackets within each other"),
        ("<sub alias='" + "x" * 9_000 + "{{'>a</sub>", "holds a field in an attribute"),
        ("&#xE000;", "U[+]E000 is not allowed"),
        ("<sub alias='&#xE000;'>a</sub>", "U[+]E000 is not allowed"),
    ],
)
def test_ssml_is_held_to_the_same(body: str, complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint) as caught:
        template(f"<speak>\n{body}</speak>", "t.ssml")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "text",
    [
        *(r'{{ "\ue000" }}', r'{{ "\x00" }}', r'{{ "\ud800" }}', r'{{ name | alias("\u202e") }}'),
        *(
            r'{{ name | phoneme("\x1b") }}',
            r'{{ name | default("\uf000") }}',
            r'{{ "\N{RIGHT-TO-LEFT OVERRIDE}" }}',
        ),
        *(r'{% if name == "\ue000" %}x{% endif %}', r'{{ name | alias(words="\ue001") }}'),
    ],
)
def test_no_escape_makes_a_character_that_is_not_allowed(text: str) -> None:
    with pytest.raises(TemplateError, match=r"^t\.txt, line 2: the character U\+\w{4} is not allowed"):
        template(f"Hello.\n{text}")


def test_entities_of_ssml_are_refused_where_they_begin() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    for head in (f"<!DOCTYPE s [{laughs}]>", '<!DOCTYPE s SYSTEM "file:///etc/passwd">', "<!DOCTYPE s>"):
        with pytest.raises(
            TemplateError, match=r"t\.ssml, line 2, column [0-9]+: a document type is not allowed"
        ):
            template(f'<?xml version="1.0"?>\n{head}<speak>&l9;</speak>', "t.ssml")


def test_a_template_is_not_longer_than_its_limit() -> None:
    template("a" * MAX_TEMPLATE_CHARACTERS)
    with pytest.raises(TemplateError, match="shorten it to 50000"):
        template("a" * (MAX_TEMPLATE_CHARACTERS + 1))
