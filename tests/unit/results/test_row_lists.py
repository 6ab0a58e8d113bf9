"""The lists of bad rows: whole after a resume, and a clear error where they cannot be written."""

from __future__ import annotations

import csv
from contextlib import closing
from pathlib import Path

import pytest

from campaign.errors import OutputError
from campaign.results.forgetting import forget_rows
from campaign.results.row_lists import DUPLICATES, RowList


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_a_resumed_list_keeps_what_was_read_and_writes_the_rest_once(tmp_path: Path) -> None:
    for after, rows in ((0, (1, 2, 3)), (2, (3, 4))):
        with closing(RowList(tmp_path, DUPLICATES, after=after)) as duplicates:
            for row in rows:
                duplicates.add(row, f"id-{row}", 1)
    assert [line[0] for line in lines(tmp_path / DUPLICATES)] == ["row", "1", "2", "3", "4"]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    with closing(RowList(tmp_path, DUPLICATES)) as duplicates:
        duplicates.add(1, "=1+1", 1)
    assert lines(tmp_path / DUPLICATES)[1][1] == "'=1+1"


def test_forgotten_rows_leave_no_line(tmp_path: Path) -> None:
    with closing(RowList(tmp_path, DUPLICATES)) as duplicates:
        duplicates.add(1, "a", 1)
        duplicates.add(2, "b", 1)
    forget_rows(tmp_path, {1})
    assert [line[0] for line in lines(tmp_path / DUPLICATES)] == ["row", "2"]


def test_a_folder_that_takes_no_file_is_an_error_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file where a folder should be")
    with (
        closing(RowList(tmp_path / "results" / "one", DUPLICATES)) as duplicates,
        pytest.raises(OutputError, match="CAMPAIGN_HOME"),
    ):
        duplicates.add(1, "a", 1)


@pytest.mark.parametrize(
    "left",
    [
        b"",
        b"row,id,fir",
        b"row,id,first_row\r\n1,a,1\r\n2",
        b"row,id,first_row\r\n1,a,1\r\n\r\n,\r\n",
        b"\xff\xfe",
    ],
    ids=["nothing", "half a header", "half a line", "empty lines", "no text"],
)
def test_what_a_full_disk_left_of_a_list_is_mended_by_the_same_command(tmp_path: Path, left: bytes) -> None:
    (tmp_path / DUPLICATES).write_bytes(left)
    after = 1 if b"1,a,1" in left else 0
    with closing(RowList(tmp_path, DUPLICATES, after=after)) as duplicates:
        for row in range(after + 1, 4):
            duplicates.add(row, "a", 1)
    assert lines(tmp_path / DUPLICATES) == [
        ["row", "id", "first_row"],
        *([str(row), "a", "1"] for row in (1, 2, 3)),
    ]
