"""A language tag is one of BCP 47 before it is kept or shown to anybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from workers.languages import LONGEST_TAG, checked_tag, meant_tag, normal, primary, region


@pytest.mark.parametrize(
    "tag",
    [
        *(
            "de",
            "DE",
            "de-AT",
            "de_AT",
            "de-at",
            "es-419",
            "zh-Hant-HK",
            "sr_Latn_RS",
            "haw",
            "cmn",
            "yue-Latn",
        ),
        *("de-CH-1996", "sl-rozaj-biske", "en-GB-oxendict", "zh-yue-HK", "de-DE-u-co-phonebk", "en-GB-x-rp"),
        *("iw", "no", "en-001", "ca-ES-valencia", "hy-arevela", "en-a-bbb-b-ccc-x-a"),
    ],
)
def test_a_tag_of_bcp_47_is_taken_as_it_is_written(tag: str) -> None:
    assert checked_tag(tag) == tag


@pytest.mark.parametrize(
    ("tag", "complaint"),
    [
        ("xx", "no language of ISO 639"),
        ("en-UK", "UK, which is no region of ISO 3166; write en-GB"),
        ("de-ZX", "no region of ISO 3166"),
        ("de-999", "no region"),
        ("de-Abcd", "no script of ISO 15924"),
        ("und", "names no language"),
        ("mul-DE", "names no language"),
        ("de-1996-1996", "1996 twice"),
        ("en-a-bb-a-cc", "a twice"),
        *(
            (tag, "no language tag")
            for tag in ("", "d", "de-", "-de", "de--AT", "x-de", "i-klingon", "german")
        ),
        *(
            (tag, "no language tag")
            for tag in ("de.UTF-8", "de@euro", "de AT", "de\n", "\x1b[2J", "dе", "ＤＥ", "de\u200b")
        ),
        *(
            (tag, "no language tag")
            for tag in ("de-DE-DE", "de-x", "de-a", "C", "POSIX", "../de", "<b>", "de/../..")
        ),
        ("de-x-" + "-".join(["abcdefgh"] * 4), "no language tag"),
        ("a" * 1_000_000, "no language tag"),
    ],
)
def test_what_is_none_is_refused_with_the_mend(tag: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as caught:
        checked_tag(tag)
    assert "; " in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@examples(300)
@given(st.text(max_size=40) | st.from_regex(r"[a-zA-Z0-9_-]{1,40}", fullmatch=True))
def test_what_is_taken_is_short_plain_and_has_a_language(tag: str) -> None:
    try:
        checked_tag(tag)
    except ValueError:
        return
    assert len(tag) <= LONGEST_TAG
    assert tag.replace("_", "-").replace("-", "").isalnum() and tag.isascii()
    assert primary(tag) and normal(tag).startswith(primary(tag))


def test_what_an_extension_says_is_no_region() -> None:
    assert [
        region(tag) for tag in ("de-u-co-phonebk", "de-AT-u-co-phonebk", "de", "zh_hant_hk", "en-x-us")
    ] == [
        "",
        "AT",
        "",
        "HK",
        "",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("German", "de"),
        ("DEUTSCH", "de"),
        ("Allemand", "de"),
        ("español", "es"),
        ("中文", "zh"),
        ("German (Austria)", "de-AT"),
        ("English (US)", "en-US"),
        ("Português (Brasil)", "pt-BR"),
        ("ger", "de"),
        ("deu-AT", "de-AT"),
        ("de_AT.UTF-8", "de_AT"),
        ("de_DE@euro", "de_DE"),
        ("DE", "DE"),
        ("nds", "nds"),
    ],
)
def test_a_language_is_called_by_its_name_too(written: str, meant: str) -> None:
    assert meant_tag(written) == meant


@pytest.mark.parametrize(
    "written", ["elvish", "German, English", "German (Mars)", "us", "n/a", "C", "1031", "de/en"]
)
def test_what_means_no_language_or_two_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="write one such as de"):
        meant_tag(written)
