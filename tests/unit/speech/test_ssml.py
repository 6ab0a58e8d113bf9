"""SSML is rewritten to the plain form; nothing of it is passed over in silence."""

from __future__ import annotations

import pytest

from campaign.errors import TemplateError
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
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
        ("<sub alias='say &quot;hi&quot;'>x</sub>", '{{ "x" | alias("say \\"hi\\"") }}'),
        ('<emphasis level="none">now</emphasis>', "now"),
        ('<say-as interpret-as="time">1\'21"</say-as>', '{{ "1 min" | unit }} {{ "21 s" | unit }}'),
        ('<say-as interpret-as="date" format="yyyymmdd">????0925</say-as>', '{{ "09/25" | date("md") }}'),
        ('<say-as interpret-as="fraction">5+1/2</say-as>', '{{ "5 1/2" | fraction }}'),
        (
            '<phoneme alphabet="x-sampa" ph=\'pI"kA:n\'>pecan</phoneme>',
            '{{ "pecan" | phoneme("pɪˈkɑːn", alphabet="ipa") }}',
        ),
        ('<phoneme ph="dʒiː">G</phoneme>', '{{ "G" | phoneme("dʒiː", alphabet="ipa") }}'),
        ("<p>One.</p><p>Two.</p>", "One.\n\n\n\nTwo."),
    ],
)
def test_an_element_becomes_its_filter_or_tag(body: str, written: str) -> None:
    assert plain(body) == written


@pytest.mark.parametrize(
    ("text", "place", "complaint"),
    [
        ("<speak>Fish & chips</speak>", "line 1, column 14", "an & stands alone; write &amp;"),
        ("<speak>a\n < b</speak>", "line 2, column 3", "a < that begins no tag; write &lt;"),
        ("<speak>&nbsp;x</speak>", "line 1, column 8", "&nbsp; is none of XML's"),
        ("Hello {{ name }}.", "line 1, column 1", "does not begin with <speak>"),
        ("<speak>Hi <s>x", "line 1, column 15", "<s> (line 1) is not closed; write </s>"),
        ("<speak>\n<p>x</speak>", "line 2, column 7", "</speak> stands where <p> (line 2) is still open"),
        ("<speak>a</speak> b", "line 1, column 18", "after the end of the outermost element"),
        ("<speak><s xml:lang=en>x</s></speak>", "line 1, column 20", 'each attribute is name="value"'),
        ("<speak", "line 1, column 1", "does not end"),
        ("<speech>Hi</speech>", "line 1, column 1", "the outermost element is <speech>"),
        ("<speak xmlns='urn:x'>Hi</speak>", "line 1, column 1", "is not SSML's"),
        ('<!DOCTYPE speak [<!ENTITY x "y">]><speak>&x;</speak>', "line 1", "document type is not allowed"),
        (
            "<speak>\n <audio src='x'/></speak>",
            "line 2, column 2",
            "<audio> is not supported; no other sound",
        ),
        ("<speak><voice name='x'>Hi</voice></speak>", "line 1, column 8", "the brief chooses the voice"),
        ("<speak><prosody rate='slow'>Hi</prosody></speak>", "line 1, column 8", "[finish] in the brief"),
        ("<speak><mstts:silence value='1s'/></speak>", "line 1, column 8", "write <break"),
        ("<speak><amazon:effect name='x'>a</amazon:effect></speak>", "line 1, column 8", "take the tags out"),
        ("<speak><Break/></speak>", "line 1, column 8", "did you mean <break>?"),
        ("<speak><sub>Dr</sub></speak>", "line 1, column 8", "<sub> lacks alias"),
        ("<speak><break strength='huge'/></speak>", "line 1, column 8", "no break strength 'huge'"),
        ("<speak><break time='20s'/></speak>", "line 1, column 8", "20000 is not 0 to 10000"),
        ("<speak><emphasis level='high'>x</emphasis></speak>", "line 1, column 8", "no emphasis 'high'"),
        ("<speak><sub alias='a'><s>x</s></sub></speak>", "line 1, column 8", "<sub> holds text only"),
        (
            "<speak><sub alias='a'>to {{ name }}</sub></speak>",
            "line 1, column 8",
            "text or one {{ field }}, not both",
        ),
        ("<speak><sub alias='{{ x }}'>Dr</sub></speak>", "line 1, column 8", "holds a field in an attribute"),
        ("<speak><sub alias='a'/></speak>", "line 1, column 8", "<sub> is empty"),
        (
            "<speak><say-as interpret-as='bleep'>x</say-as></speak>",
            "line 1, column 8",
            "no sound is put over words",
        ),
        (
            "<speak><say-as interpret-as='word'>x</say-as></speak>",
            "line 1, column 8",
            "there is no type 'word'",
        ),
        (
            "<speak><phoneme alphabet='x-sampa' ph='p$'>x</phoneme></speak>",
            "line 1, column 8",
            'write alphabet="ipa"',
        ),
        ("<speak><s xml:lang='xx'>x</s></speak>", "line 1, column 8", "no language of ISO 639"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_place_and_cause(text: str, place: str, complaint: str) -> None:
    with pytest.raises(TemplateError) as refused:
        ssml_to_jinja(text, "a.ssml")
    assert str(refused.value).startswith(f"a.ssml, {place}")
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff<speak>Hi</speak>",
        "\n<?xml version='1.0' encoding='UTF-16'?>\n<speak>Hi</speak>",
        "<ssml:speak xmlns:ssml='http://www.w3.org/2001/10/synthesis'>Hi</ssml:speak>",
        "<speak version='1.1' xmlns='http://www.w3.org/2001/10/synthesis' xmlns:m='urn:x' xml:lang='en'>Hi</speak>",
    ],
)
def test_a_document_of_another_service_is_read(text: str) -> None:
    assert ssml_to_jinja(text, "a.ssml", strict=True) == "Hi"


def test_an_attribute_that_says_nothing_here_is_refused_where_a_brief_is_read() -> None:
    text = "<speak><say-as interpret-as='telephone' google:style='{}'>1</say-as></speak>"
    ssml_to_jinja(text.format("zero-as-zero"), "a.ssml", strict=True)
    ssml_to_jinja(text.format("zero-as-oh"), "a.ssml")  # a campaign that keeps it
    with pytest.raises(
        TemplateError, match="line 1, column 8: <say-as> has google:style='zero-as-oh'; a zero"
    ):
        ssml_to_jinja(text.format("zero-as-oh"), "a.ssml", strict=True)
    with pytest.raises(
        TemplateError, match="<s> has pitch='high', which says nothing here; it takes xml:lang"
    ):
        ssml_to_jinja("<speak><s pitch='high'>x</s></speak>", "a.ssml", strict=True)


@pytest.mark.parametrize(
    ("kind", "form", "written", "spoken"),
    [
        ("date", "dm", "10-9", "September tenth"),
        ("date", "md", "09/02", "September second"),
        ("date", "yyyymmdd", "20260910", "September tenth, twenty twenty-six"),
        ("date", "DD.MM.YYYY", "10.9.2026", "September tenth, twenty twenty-six"),
        ("date", "ydm", "2026-31-12", "December thirty-first, twenty twenty-six"),
        ("date", "my", "9/2026", "September twenty twenty-six"),
        ("date", "ym", "2026-09", "September twenty twenty-six"),
        ("date", "y", "2026", "twenty twenty-six"),
        ("date", "m", "09", "September"),
        ("date", "d", "10", "tenth"),
        ("date:mdy", "", "09/10/2026", "September tenth, twenty twenty-six"),
        ("time", "hms12", "2:30pm", "two thirty PM"),
        ("time", "hms24", "14:30", "two thirty PM"),
        ("time", "24", "14:30", "two thirty PM"),
        ("duration", "m:s", "12:30", "twelve minutes thirty seconds"),
        ("duration", "hms", "1:02:03", "one hour two minutes three seconds"),
        ("verbatim", "", "abc", "A B C"),
        ("number", "ordinal", "3", "third"),
        ("telephone", "1", "2025550104", "two zero two, five five five, zero one zero four"),
        ("unit", "", "10 foot", "ten feet"),
        ("unit", "", "1 metre", "one meter"),
    ],
)
def test_say_as_of_other_services_is_said(kind: str, form: str, written: str, spoken: str) -> None:
    say_as = f'<speak><say-as interpret-as="{kind}" format="{form}">{written}</say-as></speak>'
    source = TemplateSource(name="t.ssml", text=say_as)
    assert (
        FrontEnd(FrontEndConfig(templates={"default": source})).compose(locale="en", fields={}).spoken_text
        == spoken
    )
