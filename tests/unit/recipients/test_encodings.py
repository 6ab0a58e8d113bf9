"""What a file may be encoded in: a closed list, and nothing else that Python knows or does not know."""

from __future__ import annotations

import codecs
import encodings
import pkgutil

import pytest

from campaign.errors import RecipientsError
from campaign.recipients.encodings import ENCODINGS, checked_encoding

NO_FILE_IS_IN = [
    *("undefined", "punycode", "idna", "unicode_escape", "unicode-escape", "raw_unicode_escape", "charmap"),
    *(
        "base64",
        "base64_codec",
        "rot13",
        "rot_13",
        "zip",
        "zlib",
        "bz2",
        "hex",
        "uu",
        "quopri",
        "quoted-printable",
    ),
    *(
        "utf-7",
        "UTF7",
        "u7",
        "unicode-1-1-utf-7",
        "hz",
        "hz-gb-2312",
        "iso2022_kr",
        "csiso2022kr",
        "cp037",
        "cp500",
    ),
    *(
        "mbcs",
        "oem",
        "palmos",
        "hp-roman8",
        "aliases",
        "string_escape",
        "utf-99",
        "",
        " ",
        "\0",
        "utf-8\0",
        "utf-8\n",
    ),
    *("\ud800", "../utf-8", "os", "ｕｔｆ-8", "utf-8\x1b[2J", "u" * 5_000, "x" * 41, "utf‐8"),
]


@pytest.mark.parametrize("name", NO_FILE_IS_IN)
def test_a_word_that_no_file_is_encoded_in_is_refused_with_others_to_try(name: str) -> None:
    with pytest.raises(RecipientsError, match="Try utf-8, cp1252 or latin-1") as caught:
        checked_encoding(name)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("utf-8-sig", "utf-8-sig"),
        ("UTF8", "utf-8"),
        ("latin-1", "iso8859-1"),
        ("ISO_8859-1:1987", "iso8859-1"),
        ("windows-1252", "cp1252"),
        ("Shift_JIS", "shift_jis"),
        ("utf-16", "utf-16"),
        ("GB18030", "gb18030"),
    ],
)
def test_an_encoding_has_python_s_name_however_it_is_spelt(name: str, known: str) -> None:
    assert checked_encoding(name) == known


@pytest.mark.parametrize("name", sorted(ENCODINGS))
def test_every_encoding_of_the_list_is_taken_under_its_own_name_and_reads_a_header(name: str) -> None:
    assert checked_encoding(name) == name
    assert "id,locale,name\n".encode(name).decode(name).lstrip("\ufeff") == "id,locale,name\n"


def test_each_codec_of_python_is_taken_or_refused_and_none_escapes() -> None:
    taken = set()
    for module in pkgutil.iter_modules(encodings.__path__):
        try:
            taken.add(checked_encoding(module.name))
        except RecipientsError:
            continue
    assert taken == ENCODINGS
    assert all(codecs.lookup(name).name == name for name in ENCODINGS)
