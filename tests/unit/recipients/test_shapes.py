"""Lists in the shapes that people's programs write: read for what they are, and told; or refused once, with a mend."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import zipfile
from pathlib import Path

import pytest

from campaign.errors import EncodingError, RecipientsError
from campaign.recipients import json_text, one_file, open_recipients
from campaign.recipients.containers import Container

ANN = [{"id": "1", "name": "Ann"}]


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return packed.getvalue()


PLAIN = b"id,name\n1,Ann\n"
SHAPES: dict[str, tuple[str, bytes, str]] = {
    "commas": ("r.csv", PLAIN, "commas"),
    "semicolons": ("r.csv", b"id;name\n1;Ann\n", "semicolons"),
    "tabs in a .csv": ("r.csv", b"id\tname\n1\tAnn\n", "tabs"),
    "bars": ("r.txt", b"id|name\n1|Ann\n", "bars"),
    "a .tsv whose header holds a comma": ("r.tsv", b"id\tname\tlast, first\n1\tAnn\t\n", "tabs"),
    "semicolons and a comma in every row": ("r.csv", b"id;name\n1;Ann\n", "semicolons"),
    "sep=; of Excel": ("r.csv", b"sep=;\r\nid;name\r\n1;Ann\r\n", "semicolons"),
    "sep=, in quotes": ("r.csv", b'"sep=,"\nid,name\n1,Ann\n', "commas"),
    "sep=^": ("r.csv", b"sep=^\nid^name\n1^Ann\n", "parted by '^'"),
    "line ends of old Macs": ("r.csv", b"id,name\r1,Ann\r", "commas"),
    "line ends of Windows, none at the end": ("r.csv", b"id,name\r\n1,Ann", "commas"),
    "UTF-8 with its mark": ("r.csv", b"\xef\xbb\xbf" + PLAIN, "commas"),
    "UTF-16 with its mark": ("r.txt", "id\tname\r\n1\tAnn\r\n".encode("utf-16"), "tabs, utf-16"),
    "UTF-16 of old Notepads, big end first": ("r.txt", b"\xfe\xff" + "id,name\n1,Ann\n".encode("utf-16-be"), "commas, utf-16"),  # noqa: E501
    "UTF-16 without its mark": ("r.txt", "id,name\n1,Ann\n".encode("utf-16-le"), "commas, utf-16-le"),
    "UTF-32": ("r.txt", "id,name\n1,Ann\n".encode("utf-32"), "commas, utf-32"),
    "blank lines first": ("r.csv", b"\n  \n\t\nid,name\n1,Ann\n", "commas (3 empty rows left out)"),
    "rows of separators first": ("r.csv", b",,\n,,\nid,name\n1,Ann\n", "commas (2 empty rows left out)"),
    "rows of separators at the end": ("r.csv", b"id,name\n1,Ann\n,\n , \n,\n", "commas (3 empty rows left out)"),
    "blanks around everything": ("r.csv", b"  id , name \n 1 ,  Ann  \n", "commas"),
    "a blank before a quotation mark": ("r.csv", b'id, "name"\n1, "Ann"\n', "commas"),
    "a blank after a quotation mark": ("r.csv", b'"id" ,"name" \n"1" ,"Ann" \n', "commas"),
    "a sign behind the last row, as DOS has it": (
        "r.csv",
        b"id,name\r\n1,Ann\r\n\x1a",
        "commas (1 empty row left out)",
    ),
    "quoted names behind a mark": ("r.csv", b'\xef\xbb\xbf"id","name"\r\n"1","Ann"\r\n', "commas"),
    "every line ends with a separator": ("r.csv", b"id,name,\n1,Ann,\n", "commas (1 empty column left out)"),
    "rows longer than the header, empty": ("r.csv", b"id,name\n1,Ann,,,\n", "commas"),
    "nameless columns with values": ("r.csv", b"id,,name,\n1,x,Ann,y\n", "commas (2 columns without a name left out)"),
    "a name that stands twice": ("r.csv", b"id,tag,name,tag\n1,x,Ann,y\n", "commas (2 columns whose names stand twice left out)"),  # noqa: E501
    "names with marks that nobody sees": ("r.csv", "\u200bid\u00a0,\ufeffname\u200e\n1,Ann\n".encode(), "commas"),
    "a header name on two lines": ("r.csv", b'id,"name\n"\n1,Ann\n', "commas"),
    "a Markdown table": ("r.md", b"|id|name|\n|---|:--|\n|1|Ann|\n", "bars (2 empty columns, 1 empty row left out)"),
    "a table of a console": ("r.txt", b"+----+------+\n| id | name |\n+----+------+\n| 1  | Ann  |\n+----+------+\n", "bars (2 empty columns, 3 empty rows left out)"),  # noqa: E501
    "two files in one": ("r.csv", b"id,name\n1,Ann\nid,name\n", "commas (1 row that is the header again left out)"),
    "JSON Lines with commas between": ("r.jsonl", b'{"id": "1", "name": "Ann"},\n', "JSON Lines"),
    "JSON Lines with the separator of records": ("r.jsonl", b'\x1e{"id": "1", "name": "Ann"}\n', "JSON Lines"),
    "JSON Lines": ("r.jsonl", b'{"id": "1", "name": "Ann"}\n', "JSON Lines"),
    "JSON Lines called otherwise": ("r.txt", b'{"id": 1, "name": "Ann"}', "JSON Lines"),
    "a JSON array": ("r.json", b'[\n {"id": "1",\n  "name": "Ann"}\n]\n', "a JSON array"),
    "a JSON array called .jsonl": ("r.jsonl", b'[{"id": 1, "name": "Ann"}]', "a JSON array"),
    "gzip": ("r.csv.gz", gzip.compress(PLAIN), "commas, packed as gzip"),
    "gzip under another name": ("r.csv", gzip.compress(PLAIN), "commas, packed as gzip"),
    "gzip in capitals, of JSON Lines": ("R.JSONL.GZ", gzip.compress(b'{"id": "1", "name": "Ann"}'), "JSON Lines, packed as gzip"),  # noqa: E501
    "bzip2": ("r.csv.bz2", bz2.compress(PLAIN), "commas, packed as bzip2"),
    "xz": ("r.csv.xz", lzma.compress(PLAIN), "commas, packed as xz"),
    "a zip with one file": ("r.zip", zipped(people__csv=PLAIN), "commas, packed as zip"),
    "a table called .json": ("r.json", PLAIN, "commas"),
    "a quoted table called .jsonl": ("r.jsonl", b'"id","name"\n1,Ann\n', "commas"),
    "a zip made on a Mac": ("r.zip", zipped(**{"people__csv": PLAIN, "__MACOSX/__people__csv": b"x"}), "commas, packed as zip"),  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_list_is_read_in_the_shape_it_has(tmp_path: Path, shape: str) -> None:
    name, data, found = SHAPES[shape]
    (tmp_path / name).write_bytes(data.replace(b"__MACOSX/__people", b"__MACOSX/._people"))
    with open_recipients(str(tmp_path / name)) as source:
        rows = list(source.rows())
        assert [row.problem for row in rows] == [None]
        fields = {name.strip(): value.strip() for name, value in rows[0].fields.items()}
        assert {name: fields[name] for name in ("id", "name")} == ANN[0]
        assert str(source.found) == found


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "a PDF": ("r.csv", b"%PDF-1.7\n%\xe2\xe3", "is a PDF, no list"),
    "a web page": ("r.xls", b"\r\n<html><table><tr><td>id</td></tr></table>", "web page .* save it as .xlsx or CSV"),
    "a spreadsheet as XML": ("r.xls", b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook/>', "Save it as .xlsx"),  # noqa: E501
    "a text document": ("r.docx", zipped(**{"word/document__xml": b"x", "[Content_Types]__xml": b"x"}), "is a document"),  # noqa: E501
    "zeros": ("r.csv", bytes(70_000), "holds zeros and no text"),
    "an archive of two": ("r.zip", zipped(a__csv=PLAIN, b__csv=PLAIN), r"2 files \(a.csv, b.csv\) .* give that one"),
    "a spreadsheet in a zip": ("r.zip", zipped(a__xlsx=zipped(a__csv=PLAIN)), "holds a spreadsheet .* Unpack it"),
    "packed twice": ("r.csv.gz", gzip.compress(gzip.compress(PLAIN)), "another packed file. Unpack it"),
    "UTF-16 that breaks off": ("r.csv", "id,name\n1,Zoë\n".encode("utf-16")[:-1], "begins as UTF-16 does .* Save it"),
    "UTF-8 with its mark, and not": ("r.csv", b"\xef\xbb\xbfid,name\n1,Zo\xeb\n", "begins as UTF-8 does .* as UTF-8"),
    "an error far down in an array": ("r.json", b'[{"id": 1},\n' + b'{"id":2},\n' * 9998 + b'{"id" 3}]', "line 10000"),
    "an archive of none": ("r.zip", zipped(), "no file where one list is needed"),
    "half a zip": ("r.xlsx", zipped(a__csv=PLAIN)[:40], "is not whole"),
    "half a gzip": ("r.csv.gz", gzip.compress(PLAIN * 99)[:-9], "not a whole gzip file"),
    "7z": ("r.7z", b"7z\xbc\xaf\x27\x1c\x00\x04", r"an archive \(7z\)"),
    "Zstandard": ("r.csv.zst", b"\x28\xb5\x2f\xfd\x04\x00", "zstd -d"),
    "a pointer of Git LFS": ("r.csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "git lfs pull"),
    "contacts": ("r.vcf", b"BEGIN:VCARD\nFN:Ann\n", "Export the contacts as CSV"),
    "nothing": ("r.csv", b"", "has no header"),
    "separators alone": ("r.csv", b",,\n;;\n\n", "has no header"),
    "one object around the list": ("r.json", b'{"recipients": [{"id": 1}]}', "are the list 'recipients' in it"),
    "one object over lines": ("r.json", b'{\n "id": 1\n}\n', "one JSON object over several lines"),
    "an array that breaks off": ("r.json", b'[{"id": 1},\n{"id": 2}', "line 2: it ends too early"),
    "an array with something behind it": ("r.json", b'[{"id": 1}]\n{"id": 2}', "line 2: something stands after the array"),  # noqa: E501
    "two readings of the separator": ("r.csv", b"id;name,x\n1;Ann,x\n", "commas .2 columns. or semicolons .2 columns.. Say which: --delimiter comma or --delimiter semicolon"),  # noqa: E501
    "an open quotation mark": ("r.csv", b'id,name\n1,"Ann\n2,Bo\n', "line 2, after row 0: a quotation mark without"),
    "an open mark that another closes": ("r.csv", b'id,name\n1,"Ann\n2,Bo"\n3,Cy\n', "line 2: .*'2,Bo' within it"),
    "marks within a quoted cell": ("r.csv", b'id,name\n1,"Ann "A" Lee"\n', 'line 2, .*Write "" for a mark'),
}  # fmt: skip


@pytest.mark.parametrize("shape", REFUSED)
def test_what_is_no_list_is_refused_once_with_what_to_do(tmp_path: Path, shape: str) -> None:
    name, data, said = REFUSED[shape]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(RecipientsError, match=said), open_recipients(str(tmp_path / name)) as source:
        list(source.rows())


def test_two_readings_of_the_separator_are_settled_by_whoever_gives_the_file(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("id;name,x\n1;Ann,x\n")
    for said, names in (("semicolon", ("id", "name,x")), (",", ("id;name", "x"))):
        with open_recipients(str(tmp_path / "r.csv"), separator=said) as source:
            assert source.header.names == names


@pytest.mark.parametrize("said", ["", "ab", '"', "\n", "a", "7"])
def test_what_parts_no_cells_is_no_delimiter(tmp_path: Path, said: str) -> None:
    (tmp_path / "r.csv").write_text("id,name\n1,Ann\n")
    if said:
        with (
            pytest.raises(RecipientsError, match=r"--delimiter .* parts no cells"),
            open_recipients(str(tmp_path / "r.csv"), separator=said),
        ):
            pass


def test_a_row_shorter_than_the_header_tells_what_it_lacks_and_a_longer_one_is_a_problem(
    tmp_path: Path,
) -> None:
    (tmp_path / "r.csv").write_text("id,name,note\n1,Ann\n2,Bo,x,more\n")
    with open_recipients(str(tmp_path / "r.csv")) as source:
        short, long = source.rows()
    assert (short.problem, short.lacks, short.fields["note"]) == (None, ("note",), "")
    assert long.problem is not None
    assert long.problem.reason == "4 cells where the header has 3: 'more' is one too many"


def test_a_hopeless_file_is_refused_from_its_first_block(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    with path.open("wb") as stream:
        stream.truncate(1 << 36)  # a hole of 64 GiB: whoever reads it all takes minutes
    with pytest.raises(RecipientsError, match="holds zeros"), open_recipients(str(path)):
        pass


def test_a_file_that_is_written_to_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("id\n" + "".join(f"{number}\n" for number in range(50_000)))
    with open_recipients(str(path)) as source:
        rows = source.rows()
        next(rows)
        with path.open("r+") as stream:
            stream.seek(200_000)
            stream.write("9")
        with pytest.raises(RecipientsError, match="was written to while it was read"):
            list(rows)


def test_bytes_that_change_under_an_old_time_are_found_by_their_digest(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("id\n" + "".join(f"{number}\n" for number in range(50_000)))
    before = path.stat()
    with open_recipients(str(path)) as source:
        rows = source.rows()
        next(rows)
        with path.open("r+") as stream:
            stream.seek(200_000)
            stream.write("9")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        with pytest.raises(RecipientsError, match="was written to while it was read"):
            list(rows)


def test_a_file_whose_name_is_given_to_another_meanwhile_is_read_as_it_was_opened(tmp_path: Path) -> None:
    path, other = tmp_path / "r.csv", tmp_path / "other.csv"
    path.write_text("id\n1\n")
    other.write_text("id\n2\n")
    with open_recipients(str(path)) as source:
        other.replace(path)
        assert [row.fields["id"] for row in source.rows()] == ["1"]


def test_a_pipe_is_read_more_than_once(tmp_path: Path) -> None:
    import threading

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(PLAIN))
    writer.start()
    with open_recipients(str(pipe)) as source:
        assert [len(list(source.rows())), len(list(source.rows()))] == [1, 1]
    writer.join()


def test_a_name_that_was_mistyped_is_told_with_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id\n1\n")
    with (
        pytest.raises(RecipientsError, match=r"Beside it lies people\.csv"),
        open_recipients(str(tmp_path / "poeple.csv")),
    ):
        pass


GUESSED = {
    "cp1252": ("Jürgen", "Zoë", "Señora"),
    "cp1250": ("Łukasz", "Żółw", "Gdańsk"),
    "cp1251": ("Ярослав", "Иванова"),
    "cp1253": ("Παπαδόπουλος", "Ελένη"),
    "cp932": ("田中", "鈴木", "東京"),
    "mac-roman": ("Zoë", "Müller", "Françoise"),
}


@pytest.mark.parametrize("encoding", GUESSED)
def test_another_encoding_is_guessed_shown_with_words_and_not_used(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "r.csv"
    rows = "".join(f"{number};{name}\n" for number, name in enumerate(GUESSED[encoding]))
    path.write_bytes(f"id;name\n{rows}".encode(encoding))
    with pytest.raises(EncodingError) as told, open_recipients(str(path)) as source:
        list(source.rows())
    assert told.value.guess == encoding
    assert GUESSED[encoding][0] in str(told.value) and f"--encoding {encoding}" in str(told.value)
    with open_recipients(str(path), encoding=encoding) as source:
        assert [row.fields["name"] for row in source.rows()] == list(GUESSED[encoding])


def test_lines_of_two_encodings_are_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes("id,name\n1,Zoë\n".encode() + "2,Jürgen\n".encode("cp1252"))
    with (
        pytest.raises(EncodingError, match="two files were put together") as told,
        open_recipients(str(tmp_path / "r.csv")) as source,
    ):
        list(source.rows())
    assert told.value.guess is None


@pytest.mark.parametrize(
    ("data", "encoding", "said"),
    [
        ("id,name\n1,Müller\n".encode(), "cp1252", "is UTF-8, and --encoding says cp1252: Müller would become MÃ¼ller"),
        ("id,name\n1,Ann\n".encode("utf-8-sig"), "latin-1", "begins as UTF-8 does"),
        ("id,name\n1,Ann\n".encode("utf-16"), "cp1252", "begins as UTF-16 does"),
        (b"\xff\xfe" + "id,name\n".encode("utf-16-le"), "utf-16-be", "begins as UTF-16 does"),
        (b"\x00\x00\xfe\xff" + "id,name\n".encode("utf-32-be"), "utf-32-le", "begins as UTF-32 does"),
        (("id,name\n" + "1,Ann\n" * 40_000 + "2,Zoë\n").encode(), "cp1252", "is UTF-8"),
    ],
)  # fmt: skip
def test_an_encoding_that_would_spoil_the_file_is_refused(
    tmp_path: Path, data: bytes, encoding: str, said: str
) -> None:
    (tmp_path / "r.csv").write_bytes(data)
    with (
        pytest.raises(RecipientsError, match=f"{said}.*Leave --encoding out"),
        open_recipients(str(tmp_path / "r.csv"), encoding=encoding) as source,
    ):
        list(source.rows())


def test_every_container_is_somewhere_in_the_table() -> None:
    told = " ".join(found for _, _, found in SHAPES.values())
    packed = {Container.GZIP, Container.BZIP2, Container.XZ, Container.ZIP}
    assert all(f"packed as {container}" in told for container in packed)


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"), ("utf-16", "utf-16")]
)
def test_an_encoding_may_be_named_that_the_mark_says_too(tmp_path: Path, encoding: str, said: str) -> None:
    (tmp_path / "r.csv").write_bytes("id,name\n1,Ann\n".encode(encoding))
    with open_recipients(str(tmp_path / "r.csv"), encoding=said) as source:
        assert [dict(row.fields) for row in source.rows()] == ANN


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_no_file(device: str) -> None:
    with pytest.raises(RecipientsError, match="is a device and no file"), open_recipients(device):
        pass


def test_what_does_not_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_file, "COPIED_LIMIT_BYTES", 1 << 21)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"id\n" + b"1\n" * (2 << 20))))
    with pytest.raises(RecipientsError, match="standard input does not end"), open_recipients("-"):
        pass


def test_objects_of_a_json_file_have_no_more_names_than_a_list(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text(
        "".join(json.dumps({f"{row}.{n}": 1 for n in range(9_000)}) + "\n" for row in "ab")
    )
    with (
        pytest.raises(RecipientsError, match="more than 16,384 fields"),
        open_recipients(str(tmp_path / "r.jsonl")) as source,
    ):
        _ = source.header


def test_a_long_value_of_an_array_is_tried_a_few_times() -> None:
    reads: list[int] = []

    class Counted(io.StringIO):
        def read(self, size: int | None = -1, /) -> str:
            reads.append(size or 0)
            return super().read(size)

    text = json.dumps([{"id": "x" * (4 << 20)}, {"id": "2"}])
    assert [number for number, _ in json_text.array_members("r.json", Counted(text))] == [1, 2]
    assert len(reads) < 12


def test_a_name_s_ending_settles_two_readings_and_a_long_cell_changes_none(tmp_path: Path) -> None:
    (tmp_path / "r.tsv").write_text("id\tname,x\n1\tAnn,x\n")
    (tmp_path / "r.csv").write_text(f'id;na,me\n1;"{"x" * 200_000}"\n')
    for name, names in (("r.tsv", ("id", "name,x")), ("r.csv", ("id", "na,me"))):
        csv.field_size_limit(1 << 17)
        with open_recipients(str(tmp_path / name)) as source:
            assert source.header.names == names
