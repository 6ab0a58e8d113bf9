"""What a submit writes: recipients, assets, utterances, places, tally and lists, each whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select, update

from campaign.brief import Duplicates, LoadedBrief, UnmatchedLists
from campaign.recipients import open_recipients
from campaign.results.folder import result_folder
from campaign.submission import compose
from campaign.submission.compose import PlannedRow
from campaign.submission.draft import SHOWN_ERRORS, text_processes
from campaign.submission.insert import insert_replanned_utterances
from campaign.submission.plan import PlannedUtterance
from campaign.submission.submit import Submission, submit
from storage.canonical import digest
from storage.installation import Installation
from storage.keys import row_hmac
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.tables import asset_utterances, assets, recipients, utterances
from tests import build
from workers.engines.engine import SpokenSpan
from workers.engines.registry import engine_revision
from workers.requests import Spec

ROWS = """\
id,locale,name,nick
1,en,Ana,Nan
2,en,Bo,
1,en,Again,x
stop,en,Cy,x
,en,Di,x
6,,,x
7,en,A\x00b,x
8, ,Ana,Nan
"""
COLUMNS = {"name": "name", "nick": {"type": "name", "optional": True, "fallback": "friend"}}


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def written(
    installed: Installation, folder: Path, text: str = ROWS, *, suppressed: str = "id\nstop\n", **brief: Any
) -> Submission:
    (folder / "rows.csv").write_text(text)
    (folder / "suppressed.csv").write_text(suppressed)
    asked = build.brief("Hello {{ name }}. Bye {{ nick }}.", columns=COLUMNS, **brief)
    loaded = LoadedBrief(
        brief=asked, suppress=(folder / "suppressed.csv",), unmatched_lists=UnmatchedLists.ALLOW
    )
    with open_recipients(str(folder / "rows.csv")) as source:
        return submit(installed, source, loaded, actor="test", start=False, campaign_id=CampaignId("one"))


def table_of(installed: Installation, table: Table, *columns: str) -> list[tuple[Any, ...]]:
    with installed.database.read() as connection:
        keys = table.primary_key.columns
        return [
            tuple(row) for row in connection.execute(select(*(table.c[c] for c in columns)).order_by(*keys))
        ]


def test_a_recipient_is_kept_as_it_came_with_the_words_made_of_it(
    installed: Installation, tmp_path: Path
) -> None:
    written(installed, tmp_path, languages=("en", "de"))
    kept = table_of(
        installed, recipients, "row", "external_id", "locale", "script", "language", "fallbacks", "warnings"
    )
    assert kept == [
        (1, "1", "en", "Hello Ana. Bye Nan.", "en", None, None),
        (2, "2", "en", "Hello Bo. Bye friend.", "en", ["nick"], None),
        (3, "1", "en", None, "", None, None),
        (4, "stop", "en", None, "", None, None),
        (5, "", "en", None, "", None, None),
        (6, "6", "en", None, "", None, None),
        (7, "7", "en", None, "", None, None),
        (8, "8", "en", "Hello Ana. Bye Nan.", "en", None, None),
    ]
    fields = dict(table_of(installed, recipients, "row", "fields"))
    assert fields[1] == {"id": "1", "locale": "en", "name": "Ana", "nick": "Nan"}
    assert fields[7]["name"] == "A\N{REPLACEMENT CHARACTER}b"


def test_a_row_s_name_outside_the_database_is_its_own_even_where_ids_repeat(
    installed: Installation, tmp_path: Path
) -> None:
    written(installed, tmp_path)
    names = dict(table_of(installed, recipients, "row", "hmac"))
    secret = installed.secret
    assert (names[1], names[3]) == (
        row_hmac(secret, CampaignId("one"), "1#1"),
        row_hmac(secret, CampaignId("one"), "1#3"),
    )
    salts = [salt for (salt,) in table_of(installed, recipients, "salt")]
    assert {len(salt) for salt in salts} == {16}
    assert len(set(salts)) == 8


def test_an_asset_says_what_is_wrong_with_its_row_and_how_to_mend_it(
    installed: Installation, tmp_path: Path
) -> None:
    campaign = written(installed, tmp_path).campaign
    first = campaign_rows.asset_id(campaign.number, 0)
    kept = table_of(installed, assets, "id", "row", "status", "column", "characters", "code", "reason")
    assert [(number - first, *rest) for number, *rest in kept] == [
        (1, 1, "pending", None, 18, None, None),
        (2, 2, "pending", None, 20, None, None),
        (
            3,
            3,
            "failed",
            "id",
            0,
            "duplicate",
            "row 1 has the same id (remove one, or choose --duplicates keep-first or keep-all)",
        ),
        (4, 4, "suppressed", None, 0, "suppression-list", None),
        (5, 5, "failed", "id", 0, "no-id", "the row has no id (fill the column 'id')"),
        (
            6,
            6,
            "failed",
            "name",
            0,
            "missing-value",
            "the field 'name' is empty (fill it in, or declare the column optional with a fallback)",
        ),
        (7, 7, "failed", "name", 0, "nul", "a NUL character (remove it)"),
        (8, 8, "pending", None, 18, None, None),
    ]


def key_of(installed: Installation, text: str, language: str = "en") -> str:
    """Contract 2: these keys and no others. Another digest would make all sound again."""
    spec = {"spans": [{"language": language, "text": text}], "take": 0}
    with installed.database.read() as connection:
        campaign = campaign_rows.get(connection, CampaignId("one"))
    return digest(
        {
            "spec": spec,
            "preset": campaign.lock.preset.sound_digest,
            "pin": campaign.lock.pin.digest,
            "engine": "tone",
            "engine_revision": engine_revision("tone"),
        }
    )


def test_an_utterance_is_planned_once_and_has_its_place_in_each_asset(
    installed: Installation, tmp_path: Path
) -> None:
    campaign = written(installed, tmp_path).campaign
    keys = {text: key_of(installed, text) for text in ("Hello Ana.", "Bye Nan.", "Hello Bo.", "Bye friend.")}
    columns = ("key", "campaign_id", "status", "preset", "pin_id", "engine", "engine_revision", "characters")
    common = ("one", "pending", "demo-voice@1", "tone", "tone", engine_revision("tone"))
    planned = {key: tuple(rest) for key, *rest in table_of(installed, utterances, *columns)}
    assert planned == {key: (*common, len(text)) for text, key in keys.items()}
    first = campaign_rows.asset_id(campaign.number, 0)
    places = table_of(
        installed, asset_utterances, "asset_id", "version", "position", "utterance_key", "pause_after_ms"
    )
    assert [(asset - first, *rest) for asset, *rest in places] == [
        (1, 1, 0, keys["Hello Ana."], None),
        (1, 1, 1, keys["Bye Nan."], None),
        (2, 1, 0, keys["Hello Bo."], None),
        (2, 1, 1, keys["Bye friend."], None),
        (8, 1, 0, keys["Hello Ana."], None),
        (8, 1, 1, keys["Bye Nan."], None),
    ]


def test_utterances_are_made_in_the_order_of_rows_and_of_the_words(
    installed: Installation, tmp_path: Path
) -> None:
    rows = "id,locale,name,nick\n" + "".join(
        f"{number},en,{build.spelled(number)},{build.spelled(100 + number)}\n" for number in range(1, 12)
    )
    written(installed, tmp_path, rows)
    texts = {key: spec["spans"][0]["text"] for key, spec in table_of(installed, utterances, "key", "spec")}
    ranks = {texts[key]: rank for key, rank in table_of(installed, utterances, "key", "rank") if rank > 0}
    assert sorted(ranks, key=lambda text: ranks[text]) == [
        words
        for number in range(1, 12)
        for words in (f"Hello {build.spelled(number)}.", f"Bye {build.spelled(100 + number)}.")
        if words in ranks
    ]
    assert len(ranks) >= 10


def test_the_tally_counts_every_row_by_what_became_of_it(installed: Installation, tmp_path: Path) -> None:
    tally = written(installed, tmp_path).tally
    assert (tally.rows, tally.by_outcome) == (8, {"pending": 3, "failed": 4, "suppressed": 1})
    assert (dict(tally.by_language), dict(tally.by_type)) == ({"en": 3}, {"name": 5})
    assert (dict(tally.by_warning), tally.fallbacks, tally.warnings) == ({"fallback": 1}, 1, 0)
    assert [(one.row, one.error.code, one.error.column) for one in tally.problems] == [
        (3, "duplicate", "id"),
        (5, "no-id", "id"),
        (6, "missing-value", "name"),
        (7, "nul", "name"),
    ]
    assert tally.duplicates == [(3, 1)]


def lines_of(installed: Installation, name: str) -> list[list[str]]:
    with (result_folder(installed, CampaignId("one")) / name).open(newline="") as stream:
        return list(csv.reader(stream))


def test_bad_rows_and_duplicates_are_listed_for_the_operator(installed: Installation, tmp_path: Path) -> None:
    written(installed, tmp_path)
    assert lines_of(installed, "duplicates.csv") == [["row", "id", "first_row"], ["3", "1", "1"]]
    header, *lines = lines_of(installed, "errors.csv")
    assert header == ["row", "id", "column", "code", "reason", "mend"]
    assert lines[1:3] == [
        ["5", "", "id", "no-id", "the row has no id", "fill the column 'id'"],
        [
            "6",
            "6",
            "name",
            "missing-value",
            "the field 'name' is empty",
            "fill it in, or declare the column optional with a fallback",
        ],
    ]
    assert [line[0] for line in lines] == ["3", "5", "6", "7"]


@pytest.mark.parametrize(
    ("duplicates", "outcome", "code"),
    [
        (Duplicates.ERROR, "failed", "duplicate"),
        (Duplicates.KEEP_FIRST, "suppressed", "duplicate"),
        (Duplicates.KEEP_ALL, "pending", None),
    ],
)
def test_a_second_row_of_an_id_is_what_the_brief_says(
    installed: Installation, tmp_path: Path, duplicates: Duplicates, outcome: str, code: str | None
) -> None:
    text = "id,name,nick\n1,Ana,a\n1,Bo,b\nstop,Cy,c\nstop,Di,d\n"
    tally = written(installed, tmp_path, text, duplicates=duplicates).tally
    rows = table_of(installed, assets, "row", "status", "code")
    assert rows == [
        (1, "pending", None),
        (2, outcome, code),
        (3, "suppressed", "suppression-list"),
        (4, "suppressed", "suppression-list"),
    ]
    assert tally.duplicates == [(2, 1), (4, 3)]
    assert {locale for (locale,) in table_of(installed, recipients, "locale")} == {"en"}


def test_so_many_problems_are_shown_and_all_are_listed(installed: Installation, tmp_path: Path) -> None:
    count = SHOWN_ERRORS + 2
    tally = written(installed, tmp_path, "id,name,nick\n" + "1,,x\n" * count).tally
    assert (len(tally.problems), len(tally.duplicates)) == (SHOWN_ERRORS, SHOWN_ERRORS)
    assert tally.by_outcome == {"failed": count}
    assert len(lines_of(installed, "errors.csv")) == count + 1
    assert len(lines_of(installed, "duplicates.csv")) == count


class Watching:
    """Keeps what a submission tells of its progress."""

    def __init__(self) -> None:
        self.told: list[tuple[int, float | None]] = []

    def rows_read(self, rows: int, share: float | None) -> None:
        self.told.append((rows, share))


def test_progress_is_told_after_each_chunk_with_the_share_of_the_file(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose, "CHUNK_ROWS", 100)
    path = build.write_csv(tmp_path / "rows.csv", build.people(250))
    watching = Watching()
    with open_recipients(str(path)) as source:
        loaded = LoadedBrief(brief=build.brief("Hello."), suppress=())
        submit(installed, source, loaded, actor="test", start=False, progress=watching)
    assert [rows for rows, _share in watching.told] == [100, 200, 250]
    shares = [share for _rows, share in watching.told if share is not None]
    assert len(shares) == 3 and 0 < shares[0] <= shares[1] <= 1


def test_a_submit_that_was_killed_goes_on_after_the_last_row_that_is_in(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose, "CHUNK_ROWS", 3)
    stopped = Watching()

    def stop(rows: int, share: float | None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stopped, "rows_read", stop)
    (tmp_path / "rows.csv").write_text(ROWS)
    asked = build.brief("Hello {{ name }}. Bye {{ nick }}.", columns=COLUMNS)
    loaded = LoadedBrief(brief=asked, suppress=())
    with open_recipients(str(tmp_path / "rows.csv")) as source:
        with pytest.raises(KeyboardInterrupt):
            submit(
                installed,
                source,
                loaded,
                actor="test",
                start=False,
                campaign_id=CampaignId("one"),
                progress=stopped,
            )
        assert [row for (row,) in table_of(installed, assets, "row")] == [1, 2, 3]
        again = submit(installed, source, loaded, actor="test", start=False, campaign_id=CampaignId("one"))
    assert again.is_new
    assert [row for (row,) in table_of(installed, assets, "row")] == list(range(1, 9))
    assert again.tally.rows == 8
    assert again.tally.by_outcome == {"pending": 4, "failed": 4}
    assert [line[0] for line in lines_of(installed, "errors.csv")] == ["row", "3", "5", "6", "7"]


def test_utterances_that_are_planned_again_leave_those_there_are_alone(
    installed: Installation, tmp_path: Path
) -> None:
    campaign = written(installed, tmp_path).campaign
    with installed.database.write() as connection:
        connection.execute(update(utterances).values(status="stored"))
    known = key_of(installed, "Hello Ana.")
    raw = compose.RawRow(number=3, external_id="3", locale="en", fields={})
    words = tuple(
        PlannedUtterance(
            key=key, spec=Spec((SpokenSpan(text="Goodbye", language="en"),)), pause_after_ms=None
        )
        for key in (known, "n" * 64)
    )
    with installed.database.write() as connection:
        insert_replanned_utterances(connection, campaign, [PlannedRow(raw=raw, utterances=words)])
    kept = {
        key: (status, rank, characters)
        for key, status, rank, characters in table_of(
            installed, utterances, "key", "status", "rank", "characters"
        )
    }
    assert kept[known][0] == "stored"
    assert kept["n" * 64] == ("pending", 3 << 12 | 1, 7)
    assert len(kept) == 5


def test_texts_are_made_by_as_many_processes_as_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: range(8))
    for asked, expected in ((3, 3), (0, 8)):
        made = build.installation(tmp_path / f"{asked}", text_processes=asked)
        assert text_processes(made) == expected
        made.close()
