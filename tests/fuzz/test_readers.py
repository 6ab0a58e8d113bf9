"""Whatever a file holds, its reader takes it or refuses it with an error that ends with the mend: no crash, no hang.

`make fuzz` runs these with many random examples, and through atheris, which looks for inputs that reach new code.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import time
import zipfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from campaign.errors import InputError, RowError
from campaign.recipients import open_recipients
from campaign.speech.columns import parse_column_type
from campaign.speech.lexicon.files import parse_lexicon
from campaign.speech.templates import Template, TemplateSource
from tests import ROOT
from tests.examples import examples

SLOWEST_S = 5.0
"""Of the processor, not of the clock: a busy machine makes no reader slow."""
FUZZ = examples(150)
CSV_WORDS = st.sampled_from(
    [
        "id",
        "locale",
        "name",
        ",",
        ";",
        "\t",
        '"',
        '""',
        "\n",
        "\r\n",
        "\r",
        "\x00",
        "\ufeff",
        "=1+1",
        "é",
        "\U0001f600",
        " ",
    ]
)
CSV_TEXT = st.lists(st.one_of(CSV_WORDS, st.text(max_size=8)), max_size=60).map("".join)
JSON_WORDS = st.sampled_from(
    [
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        '"',
        '"id"',
        '"\\u',
        "\\",
        "1",
        "-",
        "1e999",
        "NaN",
        "null",
        '{"id": 1}',
        "\n",
    ]
)
SHEET_BYTES = st.one_of(
    st.sampled_from(
        [b"", b"<", b"</c>", b'"', b"\x00", b"-1", b"99999999999", b'<c r="XFD1">', b"&#0;", b"<!DOCTYPE"]
    ),
    st.binary(max_size=6),
)
JINJA = st.sampled_from(
    [
        "{{", "}}", "{%", "%}", "{#", "#}", " name ", "if ", "elif ", "else", "endif", "for x in name", "endfor",
        "== '1'", " and ", " not ", "|upper", "|spell", "|money('EUR')", "|default('x')", "pause(300)", "lang('de')",
        "name.__class__", "name['x']", "(" * 50, "[" * 50, "'a' * 10**9", "range(10**9)", "\n", "set x = 1",
        "import 'x'", "macro m()", "raw", "endraw", "-", "~", "\u200b", "\ue000", "<speak>", "</speak>", "&amp;",
    ]
)  # fmt: skip
TEMPLATES = st.lists(st.one_of(JINJA, st.text(max_size=6)), max_size=30).map("".join)
TSV = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "written",
                "alias",
                "ipa",
                "lang",
                "\t",
                "\n",
                "# language: en",
                "#",
                "scope",
                "/ˈnɔɪ/",
                "word",
                "*",
                "(",
                "[",
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=60,
).map("".join)
PLS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                '<?xml version="1.0"?>', '<lexicon version="1.0" alphabet="ipa" xml:lang="en" '
                'xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">', "</lexicon>", "<lexeme>", "</lexeme>",
                "<grapheme>", "</grapheme>", "<alias>", "</alias>", "<phoneme>", "</phoneme>",
                '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>', "&b;",
                '<!DOCTYPE x SYSTEM "file:///etc/passwd">', "&x;", "<![CDATA[", "]]>",
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=40,
).map("".join)  # fmt: skip


def quick(start: float) -> None:
    assert time.thread_time() - start < SLOWEST_S


def read_recipients(data: bytes, name: str) -> None:
    start = time.thread_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            with open_recipients(str(path)) as source:
                numbers = [row.number for row in source.rows()]
        except InputError as exc:
            assert name in str(exc)
        else:
            assert numbers == list(range(1, len(numbers) + 1))
    quick(start)


@FUZZ
@given(CSV_TEXT)
@example('id,name\n1,"open\n2,lost')
@example("id,name\n1,\x00\n")
def test_csv(text: str) -> None:
    read_recipients(text.encode("utf-8", "surrogatepass"), "list.csv")


@FUZZ
@given(st.binary(max_size=300))
def test_bytes_called_csv_json_or_gzip(data: bytes) -> None:
    for name in ("list.csv", "list.jsonl", "list.csv.gz"):
        read_recipients(data, name)


@FUZZ
@given(CSV_TEXT, st.integers(0, 40))
def test_gzip_that_ends_too_early(text: str, missing: int) -> None:
    data = gzip.compress(text.encode("utf-8", "surrogatepass"))
    read_recipients(data[: max(0, len(data) - missing)], "list.csv.gz")


@FUZZ
@given(st.lists(st.one_of(JSON_WORDS, st.text(max_size=5)), max_size=40).map("".join))
@example('[{"id": 1},]')
@example("[" * 9_000)
def test_json_array(text: str) -> None:
    read_recipients(b"[" + text.encode("utf-8", "surrogatepass"), "list.json")


@examples(60)
@given(
    st.sampled_from(["people.xlsx", "people.ods", "people.xls"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 8), SHEET_BYTES), max_size=5),
    st.booleans(),
)
def test_spreadsheet(name: str, changes: list[tuple[float, int, bytes]], is_within: bool) -> None:
    """Bytes of the file are changed, or of the part that holds its cells."""

    def changed(data: bytes) -> bytes:
        for place, count, put in changes:
            at = int(place * len(data))
            data = data[:at] + put + data[at + count :]
        return data

    data = (ROOT / "tests/data/spreadsheets" / name).read_bytes()
    if not is_within or name.endswith(".xls"):
        return read_recipients(changed(data), name)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(packed, "w") as after:
        for part in before.namelist():
            is_cells = part in ("content.xml", "xl/worksheets/sheet1.xml")
            after.writestr(part, changed(before.read(part)) if is_cells else before.read(part))
    return read_recipients(packed.getvalue(), name)


@FUZZ
@given(TEMPLATES, st.sampled_from(["t.txt", "t.ssml"]), st.text(max_size=20))
@example("{{ 'a'.ljust(10**9) }}", "t.txt", "x")
@example("{% for x in range(10**9) %}a{% endfor %}", "t.txt", "x")
@example("{{ name.__class__.__mro__ }}", "t.txt", "x")
def test_template(text: str, name: str, value: str) -> None:
    start = time.thread_time()
    try:
        template = Template(TemplateSource(name=name, text=text))
        rendered = template.render({"name": value}, {"name": parse_column_type("name")})
    except (InputError, RowError):
        pass
    else:
        assert len(rendered.text) < 1_000_000
    quick(start)


@FUZZ
@given(TSV)
def test_lexicon_tsv(text: str) -> None:
    lexicon(text, "words.tsv")


@FUZZ
@given(PLS)
def test_lexicon_pls(text: str) -> None:
    lexicon(text, "words.pls")


def lexicon(text: str, name: str) -> None:
    start = time.thread_time()
    try:
        parse_lexicon(name, text)
    except InputError as exc:
        assert name.partition(".")[0] in str(exc)
    quick(start)
