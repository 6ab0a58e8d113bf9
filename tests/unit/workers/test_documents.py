"""A document has one reading or none, and a file is bounded before it is held."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from workers.documents import DEEPEST, read_bounded, read_document


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"", "line 1, column 1"),
        (b'{"a": 1,\n "a" 2}', "line 2, column 6"),
        (b"\xff", "not UTF-8 at byte 0"),
        ('{"é": 1}'.encode("latin-1"), "not UTF-8 at byte 2"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"),
        ("{}".encode("utf-16"), "not UTF-8"),
        (b"[NaN]", "NaN is no number"),
        (b"[-Infinity]", "-Infinity is no number"),
        (b"[1e999]", "1e999 is a number beyond all measure"),
        (b"[1" + b"0" * 5_000 + b"]", "5,001 figures"),
        (b"[0." + b"1" * 5_000 + b"]", "beyond all measure"),
        (b'{"a": 1, "a": 1}', "'a' stands twice"),
        (b'["\\ud800"]', "half of a character"),
        (b'{"\\uDC00": 1}', "half of a character"),
        (b"[" * 100_000, f"line 1 has more than {DEEPEST}"),
        (b"\n" + b'{"a":' * 5_000, f"line 2 has more than {DEEPEST}"),
        (b'"' + b'\\"' * 1_000_000, "line 1, column 1"),
        (b'["\x00"]', "line 1, column 3"),
        (b"[1,]", "line 1"),
        (b"'a'", "line 1"),
        (b"{} {}", "Extra data"),
    ],
)
def test_what_has_no_one_reading_is_refused_with_its_place(text: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as caught:
        read_document(text)
    assert len(str(caught.value)) < 200


def test_brackets_in_texts_are_no_depth() -> None:
    assert read_document(json.dumps({"a": "[" * 1_000, 'b"[[': '\\"[['})) == {
        "a": "[" * 1_000,
        'b"[[': '\\"[[',
    }
    assert read_document("[" * DEEPEST + "]" * DEEPEST) is not None
    assert read_document('["\\ud83d\\ude00"]') == ["😀"]


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
)
DOCUMENTS = st.recursive(
    LEAVES | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
)


@examples(200)
@given(DOCUMENTS)
def test_what_json_writes_is_read_as_it_was(document: object) -> None:
    assert read_document(json.dumps(document)) == document
    assert read_document(json.dumps(document, ensure_ascii=False).encode()) == document


@examples(300)
@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_whatever_the_bytes_are_there_is_one_reading_or_an_error(data: bytes) -> None:
    try:
        document = read_document(data)
    except ValueError:
        return
    assert document == json.loads(data)


def test_a_file_is_bounded_plain_and_never_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_bounded(path, most_bytes=5) == b"12345"
    with pytest.raises(ValueError, match="more than 4 bytes"):
        read_bounded(path, most_bytes=4)
    (tmp_path / "link").symlink_to(path)
    assert read_bounded(tmp_path / "link", most_bytes=5) == b"12345"
    os.mkfifo(tmp_path / "pipe")
    for other in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises((ValueError, IsADirectoryError)):
            read_bounded(other, most_bytes=5)
    with pytest.raises(OSError):
        read_bounded(tmp_path / "none", most_bytes=5)
