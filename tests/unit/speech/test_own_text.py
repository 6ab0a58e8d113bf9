"""Markup and placeholders of other tools in a template are told once, with their place, before any row."""

from __future__ import annotations

import pytest

from campaign.errors import TemplateError
from campaign.speech.own_text import check_own_text
from campaign.speech.templates import TemplateSource


def complaint(text: str, name: str = "t.txt") -> str:
    with pytest.raises(TemplateError) as raised:
        check_own_text(TemplateSource(name=name, text=text))
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", "line 1, column 1", "nothing to say"),
        (" \n\n", "line 1, column 1", "nothing to say"),
        ("{{ pause(300) }}{# a note of ours #}", "line 1, column 1", "nothing to say"),
        ("Hello.\n# News\n", "line 2, column 1", "# News is Markdown for a heading"),
        ("News\n====\n", "line 2, column 1", "Markdown"),
        ("Hello **{{ name }}**.", "line 1, column 7", "**{{ name }}** is Markdown for bold"),
        ("Pay *now*.", "line 1, column 5", "*now* is Markdown"),
        ("Pay [here](https://x.example).", "line 1, column 5", "[here](https://x.example) is Markdown"),
        ("* one\n* two", "line 1, column 1", "item of a list"),
        ("<speak>Hi</speak>", "line 1, column 1", "name the file t.ssml"),
        ('Hi <break time="1s"/> you', "line 1, column 4", "is SSML"),
        ("Hi <b>{{ name }}</b>", "line 1, column 4", "<b> is HTML"),
        ("<p>Hi</p>", "line 1, column 1", "<p> is HTML"),
        ("Tom &amp; Ann", "line 1, column 5", "&amp; is HTML for a character"),
        (
            "Hello\n((name))",
            "line 2, column 1",
            "((name)) is a placeholder of another tool; write {{ name }}",
        ),
        ("Hello {{ First Name }}", "line 1, column 7", "write {{ first_name }}"),
        ("Hello {{First Name|title}}", "line 1, column 7", "write {{ first_name }}"),
        ("Hello {{ contact.name }}", "line 1, column 7", "write {{ name }}"),
        ("Hello {{{name}}}", "line 1, column 7", "write {{ name }}"),
        ("{{#if paid}}Thanks{{/if}}", "line 1, column 1", "write {% if column %} ... {% endif %}"),
        ("Hello {%name%}", "line 1, column 7", "write {{ name }}"),
        ("Hello {{ name }.", "line 1, column 7", "{{ name } is a placeholder"),
        ("Hello {name}}.", "line 1, column 7", "{name}} is a placeholder"),
        ("Hello {{ name }}}}.", "line 1, column 17", "}} is a brace that belongs to no field"),
        ("Hello :name.", "line 1, column 7", ":name is a placeholder of another tool; write {{ name }}"),
        ("Hello {{ 'name' }}.", "line 1, column 7", "says the word name, not what the field holds"),
        ("Hello {{ pause 500 }} you", "line 1, column 7", "write {{ pause(500) }}"),
        ("{{> header}} Hello", "line 1, column 1", "a piece of another tool"),
        ("{% raw %}Hello{% endraw %}", "line 1, column 1", "write the text without it"),
        ("1. Call us.\n2. Pay.", "line 1, column 1", "Markdown for a list"),
        ("---\ntitle: x\n---\nHello", "line 1, column 1", "Markdown for a table of settings"),
        ("Subject: Bill\n\nHello", "line 1, column 1", "the subject of a mail"),
        ("TODO: write\nHello", "line 1, column 1", "TODO is left to be written"),
        ("Hello.\n// a note\n", "line 2, column 1", "// a note would be read out; write {# ... #}"),
        (r"Hello.\nBye", "line 1, column 7", "as programs write it; begin a new line"),
        ("Hello. <!-- note -->", "line 1, column 8", "<!-- is HTML"),
        ("Hello [pause 1s] you", "line 1, column 7", "write {{ pause(300) }} for silence"),
        ("Hello (pause) you", "line 1, column 7", "a direction to a speaker"),
        ("Our CafÃ© is open", "line 1, column 5", "CafÃ© is Café, UTF-8 that was read in another encoding"),
        ("Hello {#name#}", "line 1, column 7", "a comment, which nobody hears; write {{ name }}"),
    ],
)
def test_what_is_no_text_to_speak_has_place_and_mend(text: str, place: str, says: str) -> None:
    told = complaint(text)
    assert told.startswith(f"t.txt, {place}: ")
    assert says in told
    assert "\n" not in told.replace("\nt.txt, line", "")  # each fault is a line of its own


@pytest.mark.parametrize(
    "text",
    [
        "{{ name }}",
        "- one\n- two",
        "At 10:30, 3:2, a: b, http://x.example:80/a",
        "Press 1. Then 2. Call (music school) or {{ 'a b' }}.",
        "Subject: see below. Pay now.",
        "5 * 3 is 15, and 2*3*4 is 24",
        "See x_1 and y_2, or a < b.",
        "We are number #1 – # 1!",
        "{% if a and b or not c %}x{% endif %}{{ a or b }}{{ 'a b' }}",
        '{{ amount | money("EUR") }}{{ pause(300) }}{% lang "de" %}Tag{% endlang %}',
        "{# a note of ours #}Hello",
        "A&B; R&D",
    ],
)
def test_a_text_to_speak_is_taken(text: str) -> None:
    check_own_text(TemplateSource(name="t.txt", text=text))


def test_ssml_keeps_its_tags_and_comments_and_loses_placeholders() -> None:
    check_own_text(TemplateSource(name="t.ssml", text="<speak><!-- {name} --><s>Hi</s></speak>"))
    assert "line 1, column 11: ((name))" in complaint("<speak>Hi ((name))</speak>", "t.ssml")
    assert "<name> is a placeholder" in complaint("<speak>Hi &lt;name&gt;</speak>", "t.ssml")


def test_many_placeholders_are_told_each_with_its_line_and_the_rest_at_once() -> None:
    told = complaint("{a}\n<<b>>\n%C%\n#d#\n${e}\n*|F|*\n[[g]]").split("\n")
    assert [line.partition(":")[0] for line in told[:5]] == [
        f"t.txt, line {n}, column 1" for n in range(1, 6)
    ]
    assert told[5] == "... and more like these in t.txt."


def test_inline_ssml_is_sent_into_a_file() -> None:
    assert "into a file of its own" in complaint("<speak>Hi</speak>", "en, inline")


@pytest.mark.parametrize("text", ["{{", "{%", "{#", "<!--", "__a ", "{{ '", "*|a", "[a"])
def test_a_hostile_text_is_looked_through_all_the_same(text: str) -> None:
    source = TemplateSource(name="t.txt", text=(text * 50_000)[:50_000])
    try:
        check_own_text(source)
    except TemplateError as error:
        assert str(error).startswith("t.txt, line 1, column ")
