"""The list of rows to mend: own columns first and unharmed, whole after a resume, forgetful when asked."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from campaign.errors import FieldError, OutputError
from campaign.results.folder import held
from campaign.results.forgetting import UNFINISHED, forget_id, forget_rows, forget_stale_parts
from campaign.results.row_lists import ERRORS, RowList
from campaign.results.rows_to_mend import MARKS, MEND, MendList, guarded, mark_names, unguarded
from tests.waiting import LONGEST_S

PROBLEM = FieldError("not-money", "'x' is not an amount", mend="write it as 1.50", column="amount")


def write(folder: Path, *rows: tuple[int, Mapping[str, str]], after: int = 0) -> list[list[str]]:
    with closing(MendList(folder, after=after)) as to_mend:
        for number, fields in rows:
            to_mend.add(number, fields, PROBLEM)
    return lines(folder)


def lines(folder: Path) -> list[list[str]]:
    with (folder / MEND).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_a_row_has_its_own_columns_in_their_order_then_what_is_wrong(tmp_path: Path) -> None:
    header, row = write(tmp_path, (7, {"name": "Ann", "id": "a", "amount": "x"}))
    assert header == ["name", "id", "amount", *MARKS]
    assert row == ["Ann", "a", "x", "7", "amount", "not-money", "'x' is not an amount", "write it as 1.50"]
    assert (tmp_path / MEND).read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "cell", ["+44 20", "-", "=1+1", "'=1", "''+", "'tis", "", "@x", "\tx", "O'Neil", "'"]
)
def test_a_cell_that_looks_like_a_formula_comes_back_unharmed(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert guarded(cell)[:1] not in ("=", "+", "-", "@", "\t")


def test_the_column_at_fault_has_the_name_that_it_has_in_the_file(tmp_path: Path) -> None:
    with closing(MendList(tmp_path)) as to_mend:
        to_mend.add(1, {"Sum due": "x"}, PROBLEM, {"amount": "Sum due"})
    assert lines(tmp_path)[1][2] == "Sum due"


def test_a_column_that_is_called_like_a_mark_keeps_its_name(tmp_path: Path) -> None:
    header, row = write(tmp_path, (1, {"Reason": "mine"}))
    assert header == ["Reason", "campaign_row", "problem_column", "problem", "campaign_reason", "mend"]
    assert row[0] == "mine"
    assert mark_names(["campaign row", "CAMPAIGN-CAMPAIGN_ROW"])[0] == "campaign_campaign_campaign_row"


def test_a_column_that_comes_later_widens_the_list(tmp_path: Path) -> None:
    header, first, second = write(tmp_path, (1, {"id": "a"}), (2, {"id": "b", "more": "c"}))
    assert header[:3] == ["id", "more", "campaign_row"]
    assert (first[:3], second[:3]) == (["a", "", "1"], ["b", "c", "2"])


def test_a_resumed_list_keeps_what_was_read_and_writes_the_rest_once(tmp_path: Path) -> None:
    write(tmp_path, *((number, {"id": str(number)}) for number in (1, 2, 3)))
    text = (tmp_path / MEND).read_bytes()
    (tmp_path / MEND).write_bytes(text + b'9,"half')
    assert [line[0] for line in write(tmp_path, (3, {"id": "3"}), (4, {"id": "4"}), after=2)] == [
        "id",
        *"1234",
    ]


def test_forgotten_rows_leave_no_line_and_the_last_takes_the_list_along(tmp_path: Path) -> None:
    write(tmp_path, (1, {"id": "a"}), (2, {"id": "b"}))
    forget_rows(tmp_path, {1})
    assert [line[0] for line in lines(tmp_path)] == ["id", "b"]
    forget_rows(tmp_path, {2})
    assert not (tmp_path / MEND).exists()


def test_a_person_is_forgotten_by_the_row_and_nobody_for_an_equal_cell(tmp_path: Path) -> None:
    with closing(RowList(tmp_path, ERRORS)) as bad:
        bad.add(1, "5", "", "", "", "")
        bad.add(2, "b", "", "", "", "")
    write(tmp_path, (1, {"no": "5", "amount": "x"}), (2, {"no": "b", "amount": "5"}), (3, {"no": "5"}))
    assert forget_id(tmp_path, "5") == {1, 3}
    assert [line[0] for line in lines(tmp_path)] == ["no", "b"]


@pytest.mark.parametrize(("separator", "is_left"), [(";", True), ("\t", True), (":", False)])
def test_a_list_that_was_edited_in_its_place_forgets_too(
    tmp_path: Path, separator: str, is_left: bool
) -> None:
    rows = write(tmp_path, (1, {"id": "a"}), (2, {"id": "b"}))
    with (tmp_path / MEND).open("w", newline="") as stream:
        stream.writelines(separator.join(cells) + "\r\n" for cells in rows)
    forget_rows(tmp_path, {1})
    assert (tmp_path / MEND).exists() == is_left
    if is_left:
        text = (tmp_path / MEND).read_text(encoding="utf-8-sig")
        assert [line[0] for line in text.splitlines()] == ["i", "b"]


def test_a_folder_that_takes_no_file_is_an_error_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file where a folder should be")
    with (
        closing(MendList(tmp_path / "results" / "one")) as to_mend,
        pytest.raises(OutputError, match="CAMPAIGN_HOME"),
    ):
        to_mend.add(1, {"id": "a"}, PROBLEM)


def test_who_takes_people_out_waits_for_who_writes_the_list_anew(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        with held(tmp_path):
            forgotten = pool.submit(forget_rows, tmp_path, {1})
            with pytest.raises(TimeoutError):
                forgotten.result(timeout=0.2)
            write(tmp_path, (1, {"id": "a"}), (2, {"id": "b"}))
        forgotten.result(timeout=LONGEST_S)
    assert [row[0] for row in lines(tmp_path)[1:]] == ["b"]


def test_a_list_that_was_not_written_to_its_end_is_forgotten_with_anybody(tmp_path: Path) -> None:
    for forget in (lambda: forget_rows(tmp_path, {9}), lambda: forget_id(tmp_path, "z")):
        write(tmp_path / UNFINISHED, (1, {"id": "a"}))
        forget()
        assert not (tmp_path / UNFINISHED).exists()


def test_what_killed_processes_left_is_removed_after_a_day(tmp_path: Path) -> None:
    for name in ("errors.part", ".rows-to-mend.csv.7.part", f"{UNFINISHED}/{MEND}", ERRORS):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / "young.part").touch()
    forget_stale_parts(tmp_path)
    assert sorted(one.name for one in tmp_path.rglob("*") if one.is_file()) == [ERRORS, "young.part"]
