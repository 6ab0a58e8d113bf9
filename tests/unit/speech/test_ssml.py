"""SSML is rewritten to the plain form; nothing of it is passed over in silence."""

from __future__ import annotations

import pytest

from campaign.errors import TemplateError
from campaign.speech.ssml import ssml_to_jinja


def plain(body: str) -> str:
    return ssml_to_jinja(f"<speak>{body}</speak>", "a.ssml")


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("Hello {{ name }}.", "Hello {{ name }}."),
        ('<break time="1.5s"/>', "{{ pause(1500) }}"),
        ('<break time="300ms"/>', "{{ pause(300) }}"),
        ('<break strength="weak"/>', "{{ pause(200) }}"),
        ("<break/>", "{{ pause(400) }}"),
        ('<lang xml:lang="de">Grüße</lang>', '{% lang "de" %}Grüße{% endlang %}'),
        ("<emphasis>now</emphasis>", '{% emphasis "moderate" %}now{% endemphasis %}'),
        ('<sub alias="doctor">Dr</sub>', '{{ "Dr" | alias("doctor") }}'),
        ('<say-as interpret-as="telephone">{{ phone }}</say-as>', '{{ phone | say_as("telephone") }}'),
        (
            '<say-as interpret-as="date" format="dmy">{{ due }}</say-as>',
            '{{ due | say_as("date", "dmy") }}',
        ),
        ('<phoneme ph="dʒiː">G</phoneme>', '{{ "G" | phoneme("dʒiː", alphabet="ipa") }}'),
        ("<p>One.</p><p>Two.</p>", "One.\n\n\n\nTwo."),
    ],
)
def test_an_element_becomes_its_filter_or_tag(body: str, written: str) -> None:
    assert plain(body) == written


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<speak>Fish & chips</speak>", "write & as &amp;"),
        ("<speech>Hi</speech>", "the outermost element is <speech>"),
        ('<!DOCTYPE speak [<!ENTITY x "y">]><speak>&x;</speak>', "document type is not allowed"),
        ("<speak><audio src='x'/></speak>", "<audio> is not supported"),
        ("<speak><sub>Dr</sub></speak>", "<sub> lacks alias"),
        ("<speak><break strength='huge'/></speak>", "no break strength 'huge'"),
        ("<speak><sub alias='a'><s>x</s></sub></speak>", "<sub> holds text only"),
        ("<speak><sub alias='a'>to {{ name }}</sub></speak>", "text or one {{ field }}, not both"),
        ("<speak><sub alias='{{ x }}'>Dr</sub></speak>", "holds a quotation mark, a backslash or {{"),
    ],
)
def test_what_is_not_allowed_is_named_with_the_file(text: str, complaint: str) -> None:
    with pytest.raises(TemplateError, match=r"a\.ssml") as refused:
        ssml_to_jinja(text, "a.ssml")
    assert complaint in str(refused.value)
