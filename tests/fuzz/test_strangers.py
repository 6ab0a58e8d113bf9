"""What comes from strangers and is shown or believed: files, bundles, documents, tags, templates, terminal output.

Each is taken or refused with its own kind of error, in bounded time; nothing of it steers a terminal. `make fuzz` runs
these with many random examples, and through atheris.
"""

from __future__ import annotations

import io
import json
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from campaign.errors import EvidenceError, InputError, RowError
from campaign.evidence.check import verify_bundle
from campaign.evidence.signature import open_envelope
from campaign.recipients.encodings import ENCODINGS, checked_encoding
from campaign.speech.columns import parse_column_type
from campaign.speech.templates import Template, TemplateSource
from tests.examples import examples
from workers.documents import read_document
from workers.errors import UnreadableFileError
from workers.finish.descriptor import full_runs, parse_descriptor
from workers.finish.id3 import text_fields
from workers.finish.ogg import packets_of
from workers.finish.reading import mismatches, read_file
from workers.finish.vorbis import flac_fields, read_comments
from workers.languages import checked_tag
from workers.printable import printable, printable_json, printable_lines

SLOWEST_S = 5.0
"""Of the processor."""
FUZZ = examples(150)
STEERING = st.sampled_from(
    [
        *(
            "\x1b[",
            "\x1b]8;;",
            "\x07",
            "\x08",
            "\r",
            "\n",
            "\t",
            "\x7f",
            "\x9b",
            "\x85",
            "\u202e",
            "\u2066",
            "\u200b",
        ),
        *(
            "\u200d",
            "\ufeff",
            "\ud800",
            "\ue000",
            "\U000e0001",
            "\u3164",
            "\ufe0f",
            "\u0301",
            "\0",
            "m",
            "2J",
            "é",
            "王",
        ),
    ]
)
WORDS = st.lists(STEERING | st.text(max_size=6), max_size=40).map("".join)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)
WHOLE: dict[str, Any] = {
    "campaign": "spring",
    "recipient": "r",
    "version": 2,
    "schema": "campaign/descriptor@1",
    "sound": {"hashed": "pcm_s16le", "sha256": "ab", "samples": 10, "delay_samples": 0, "rate_hz": 24_000},
    "finish": {"codec": "wav", "loudness_lufs": -16.0, "marks": []},
    "timebase": [{"run_id": "r1", "first_sample": 0, "samples": 10}],
    "runs_share": {"engine": "tone"},
    "runs": [{"run_id": "r1"}],
}
HEADS = st.sampled_from(
    [b"RIFF\0\0\0\0WAVE", b"fLaC", b"OggS\0", b"ID3\4\0\0", b"ID3\3\0\x80", b"\xff\xfb\x90\x00", b""]
)
PIECES = st.sampled_from(
    [
        *(
            b"fmt \x10\0\0\0",
            b"data\xff\xff\xff\xff",
            b"LIST",
            b"TXXX",
            b"\0\0\0\x10",
            b"\x7f\x7f\x7f\x7f",
            b"OggS\0\0",
        ),
        *(
            b"\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0\x02\0\x10\0",
            b"OpusHead",
            b"OpusTags",
            b"\x84\0\0\x22",
            bytes(16),
        ),
    ]
)
FILES = st.builds(
    lambda head, parts: head + b"".join(parts), HEADS, st.lists(PIECES | st.binary(max_size=20), max_size=30)
)
TEMPLATE = st.lists(
    st.sampled_from(
        [
            *(
                "{{",
                "}}",
                "{%",
                "%}",
                " if ",
                " endif ",
                " elif ",
                " else ",
                "name",
                "|alias(",
                "|text",
                ")",
                "(",
                "[",
            ),
            *(
                "]",
                "{",
                "}",
                "not ",
                " and ",
                " or ",
                "-",
                "1e999",
                "1" + "0" * 30,
                "'x'",
                ",",
                "==",
                " in ",
                "pause(",
            ),
            *(
                "lang 'de'",
                "endlang",
                "is defined",
                "~",
                "**",
                ".",
                "for x in y",
                "macro m()",
                "set x",
                "{#",
                "#}",
                "\n",
            ),
        ]
    ).flatmap(lambda word: st.integers(1, 60).map(lambda times: word * times)),
    max_size=25,
).map("".join)


def quick(start: float) -> None:
    assert time.thread_time() - start < SLOWEST_S


@FUZZ
@given(WORDS)
@example("\x1b]0;owned\x07")
def test_terminal(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown
    assert all(character.isprintable() or character.isspace() for character in shown)
    assert not set(shown) & set("\n\r\t\x1b\x9b\u202e\u200b")
    assert printable_lines(text).count("\n") == text.count("\n")
    shown.encode()


@FUZZ
@given(DOCUMENTS)
def test_json_for_a_terminal(document: object) -> None:
    text = printable_json(json.dumps(document, ensure_ascii=False))
    assert json.dumps(json.loads(text)) == json.dumps(document)
    assert printable(text) == text


@FUZZ
@given(st.sampled_from(sorted(WHOLE)), DOCUMENTS, WORDS)
def test_descriptor(key: str, value: object, name: str) -> None:
    start = time.thread_time()
    try:
        found = parse_descriptor(json.dumps({**WHOLE, key: value, name: value}))
    except ValueError:
        pass
    else:
        assert full_runs(found)[0]["run_id"] if found["runs"] else True
    quick(start)


@FUZZ
@given(FILES)
def test_delivered_file(data: bytes) -> None:
    start = time.thread_time()
    try:
        mismatches(read_file(data))
    except UnreadableFileError as exc:
        assert len(str(exc)) < 500
    quick(start)


@FUZZ
@given(st.binary(max_size=300))
def test_tags(data: bytes) -> None:
    start = time.thread_time()
    for reader in (text_fields, packets_of, read_comments, flac_fields):
        for head in (b"", b"ID3\4\0\0\0\0\2\0", b"OggS\0\0", b"fLaC"):
            try:
                reader(head + data)
            except ValueError:
                continue
    quick(start)


@FUZZ
@given(DOCUMENTS, st.binary(max_size=60))
def test_envelope(document: object, key: bytes) -> None:
    start = time.thread_time()
    for body in (json.dumps(document).encode("utf-8", "surrogatepass"), key):
        try:
            open_envelope(body, key)
        except EvidenceError as exc:
            assert str(exc).endswith(".")
    quick(start)


@FUZZ
@given(st.lists(st.tuples(st.text(max_size=12), st.binary(max_size=50)), max_size=4), st.data())
def test_bundle(files: list[tuple[str, bytes]], data: st.DataObject) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in dict(files).items():
            archive.writestr(zipfile.ZipInfo(name.encode("utf-8", "replace").decode() or "a"), body)
    whole = bytearray(stream.getvalue())
    for _ in range(data.draw(st.integers(0, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    start = time.thread_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        path.write_bytes(bytes(whole))
        try:
            verify_bundle(path)
        except EvidenceError as exc:
            assert str(exc).endswith(".")
        else:
            raise AssertionError("nobody signed it")
    quick(start)


@FUZZ
@given(st.binary(max_size=200) | WORDS.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_document(data: bytes) -> None:
    start = time.thread_time()
    try:
        document = read_document(data)
    except ValueError as exc:
        assert len(str(exc)) < 500
    else:
        json.dumps(document, allow_nan=False, ensure_ascii=False).encode()
    quick(start)


@FUZZ
@given(TEMPLATE, st.sampled_from(["t.txt", "t.ssml"]))
def test_deep_template(text: str, name: str) -> None:
    start = time.thread_time()
    try:
        template = Template(TemplateSource(name=name, text=text))
        template.render({"name": "x"}, {"name": parse_column_type("name")})
    except (InputError, RowError) as exc:
        assert name in str(exc) or isinstance(exc, RowError)
    quick(start)


@FUZZ
@given(WORDS | st.text(max_size=60))
def test_names_of_languages_and_encodings(name: str) -> None:
    try:
        assert checked_tag(name) == name
    except ValueError as exc:
        assert str(exc).isprintable()
    try:
        assert checked_encoding(name) in ENCODINGS
    except InputError as exc:
        assert str(exc).isprintable()
