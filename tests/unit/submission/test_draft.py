"""A draft: duplicates and unwanted rows marked, every bad row listed, and a killed submit goes on where it was."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from campaign.brief import Duplicates, LoadedBrief, read_brief
from campaign.errors import ConflictError, RecipientsError
from campaign.recipients import open_recipients
from campaign.results.folder import result_folder
from campaign.results.row_lists import DUPLICATES, ERRORS, RowList
from campaign.submission import draft as drafts
from campaign.submission.compose import RawRow
from campaign.submission.draft import Tally, discard_draft, marked_rows, raw_row, text_processes
from campaign.submission.header_stage import fit_columns
from campaign.submission.insert import insert_chunk
from campaign.submission.opt_outs import OptOuts
from campaign.submission.scratch import SeenIds
from campaign.submission.submit import Submission, submit
from storage.errors import DuplicateRowError, StateError
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from tests import build
from workers.cpus import usable_cpus

PEOPLE = [
    {"id": "a", "locale": "en", "name": "Ana"},
    {"id": "b", "locale": "", "name": "Bo"},
    {"id": " a ", "locale": "en", "name": "Cy"},
    {"id": "", "locale": "en", "name": "Dee"},
]


def lines(path: Path) -> list[dict[str, str]]:
    """Of a list for the operator."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def marked(
    folder: Path, *lists: str, people: Sequence[dict[str, str]] = PEOPLE, **asked: Any
) -> tuple[list[RawRow], Tally]:
    """The rows of a file of `people`, with suppression lists of these texts."""
    suppress = tuple(folder / f"out-{number}.csv" for number, _ in enumerate(lists))
    for path, text in zip(suppress, lists, strict=True):
        path.write_text(text)
    tally, doubled = Tally(), RowList(folder, DUPLICATES)
    brief = build.brief(**asked)
    with (
        closing(OptOuts(suppress, brief.id_column)) as listed,
        closing(SeenIds()) as ids,
        open_recipients(str(build.write_csv(folder / "people.csv", people))) as source,
    ):
        fit = fit_columns(LoadedBrief(brief=brief, suppress=()), source)
        rows = list(marked_rows(source.rows(), brief, fit, tally, doubled, ids, listed, None))
    doubled.close()
    return rows, tally


@pytest.mark.parametrize(
    ("policy", "suppressed", "code"),
    [
        (Duplicates.ERROR, None, "duplicate"),
        (Duplicates.KEEP_FIRST, "duplicate", None),
        (Duplicates.KEEP_ALL, None, None),
    ],
)
def test_duplicate_is_what_the_brief_says_and_listed_in_any_case(
    tmp_path: Path, policy: Duplicates, suppressed: str | None, code: str | None
) -> None:
    rows, tally = marked(tmp_path, duplicates=policy)
    again = rows[2]
    assert (again.suppressed, again.problem and again.problem.code) == (suppressed, code)
    assert tally.duplicates == [(3, 1)]
    assert [line["first_row"] for line in lines(tmp_path / DUPLICATES)] == ["1"]


def test_row_without_an_id_is_an_error_and_without_a_locale_the_brief_s_first_language(
    tmp_path: Path,
) -> None:
    rows, _ = marked(tmp_path)
    assert rows[3].problem is not None and rows[3].problem.code == "no-id"
    assert [row.locale for row in rows] == ["en"] * 4
    assert rows[0].external_id == rows[2].external_id == "a"


def test_who_is_on_a_suppression_list_gets_nothing_duplicate_or_not(tmp_path: Path) -> None:
    rows, _ = marked(tmp_path, "id\na\n")
    assert [row.suppressed for row in rows] == ["suppression-list", None, "suppression-list", None]


def test_whoever_is_on_any_of_the_suppression_lists_gets_nothing(tmp_path: Path) -> None:
    rows, _ = marked(tmp_path, "id\na\n", "id\nb\n", "id\nsomebody else\n")
    assert {row.external_id for row in rows if row.suppressed} == {"a", "b"}


def test_a_suppression_list_is_read_by_the_brief_s_own_id_column(tmp_path: Path) -> None:
    people = [{"person": one["id"], "locale": "en", "name": one["name"]} for one in PEOPLE]
    listed = "reason,person\nasked,a\nmoved,b\n"
    rows, _ = marked(tmp_path, listed, people=people, id_column="person")
    assert {row.external_id for row in rows if row.suppressed} == {"a", "b"}


def test_warnings_are_counted_over_all_rows_by_their_kind(installed: Installation) -> None:
    signs = [{"id": str(number), "locale": "en", "name": "a_b < c"} for number in (1, 2)]
    asked = build.brief(leftover="verbalise", columns={})
    tally = build.submitted(installed, signs, asked).tally
    assert tally.warnings == sum(tally.by_warning.values()) >= 2
    assert all(kind.isidentifier() or "-" in kind for kind in tally.by_warning)


def submitted(installed: Installation, rows: Sequence[dict[str, str]]) -> Submission:
    return build.submitted(installed, rows, campaign_id="mine")


def test_killed_submit_goes_on_after_the_last_row_that_is_in(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.submission.compose.CHUNK_ROWS", 2)
    written: list[list[int] | None] = []
    insert = insert_chunk

    def kept(connection: Any, campaign: Any, chunk: Any, *, secret: bytes) -> None:
        if len(written) == 2 and None not in written:
            written.append(None)
            raise KeyboardInterrupt
        insert(connection, campaign, chunk, secret=secret)
        written.append([row.raw.number for row in chunk])

    people = build.people(5)
    monkeypatch.setattr(drafts, "insert_chunk", kept)
    with pytest.raises(KeyboardInterrupt):
        submitted(installed, people)
    tally = submitted(installed, people).tally
    assert written == [[1, 2], [3, 4], None, [5]]
    assert (tally.rows, tally.by_outcome) == (5, {"pending": 5})


def test_another_submission_that_writes_the_same_rows_is_named(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_what: object, **_named: object) -> None:
        raise DuplicateRowError("there")

    monkeypatch.setattr(drafts, "insert_chunk", taken)
    with pytest.raises(ConflictError, match="another submission of campaign mine is in progress"):
        submitted(installed, build.people(1))


def test_file_without_rows_leaves_no_draft(installed: Installation) -> None:
    path = installed.settings.home / "empty.csv"
    path.write_text("id,locale,name\n")
    with open_recipients(str(path)) as source, pytest.raises(RecipientsError, match="no row below it"):
        submit(
            installed,
            source,
            LoadedBrief(brief=build.brief(), suppress=()),
            actor="t",
            campaign_id=CampaignId("mine"),
        )
    with installed.database.read() as connection:
        assert campaign_rows.recent(connection, limit=9) == []


def test_bad_rows_are_all_listed_and_the_first_shown(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "SHOWN_ERRORS", 2)
    people = [*build.people(2), *({"id": f"x{n}", "locale": "en", "name": ""} for n in range(3))]
    tally = submitted(installed, people).tally
    assert [problem.row for problem in tally.problems] == [3, 4]
    listed = lines(result_folder(installed, CampaignId("mine")) / ERRORS)
    assert [line["row"] for line in listed] == ["3", "4", "5"]
    assert {line["column"] for line in listed} == {"name"}
    assert tally.by_outcome == {"pending": 2, "failed": 3}
    assert (tally.by_language["en"], tally.by_type["text"] + tally.by_type["name"]) == (2, 2)


def test_draft_can_be_forgotten_and_what_is_none_cannot(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_what: object, **_named: object) -> None:
        raise KeyboardInterrupt

    whole = build.submitted(installed, build.people(1), campaign_id="whole").campaign
    monkeypatch.setattr(drafts, "insert_chunk", killed)
    with pytest.raises(KeyboardInterrupt):
        submitted(installed, build.people(1))
    discard_draft(installed.database, CampaignId("mine"))
    with pytest.raises(StateError, match="is no draft"):
        discard_draft(installed.database, whole.id)
    with installed.database.read() as connection:
        assert [one.id for one in campaign_rows.recent(connection, limit=9)] == [whole.id]


def test_text_has_the_processes_of_the_settings_or_one_a_cpu(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert text_processes(installed) == 1
    installed.settings = installed.settings.model_copy(update={"text_processes": 0})
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: range(6))
    assert text_processes(installed) == usable_cpus() == 6


@pytest.mark.parametrize("written", ["Total", "TOTAL:", "Grand total", "Summe"])
def test_the_sum_below_a_list_is_nobody(tmp_path: Path, written: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(f"id,name\n1,Ann\n{written},2 customers\n")
    brief = read_brief({"templates": {"default": {"text": "{{ name }}"}}}, label="a.toml", folder=None)
    with open_recipients(str(path)) as source:
        fit = fit_columns(brief, source)
        rows = [raw_row(row, brief.brief, fit) for row in source.rows()]
    assert [row.problem and row.problem.code for row in rows] == [None, "no-id"]


def test_a_locale_may_be_the_name_of_a_language(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("id,name,locale\n1,Ann,German\n2,Bo,eng\n")
    brief = read_brief({"templates": {"default": {"text": "{{ name }}"}}}, label="a.toml", folder=None)
    with open_recipients(str(path)) as source:
        fit = fit_columns(brief, source)
        assert [raw_row(row, brief.brief, fit).locale for row in source.rows()] == ["de", "en"]
