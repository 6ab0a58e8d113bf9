"""Mended rows go into the place of those that the campaign refused, under its own lock, and only they are made."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from campaign.brief import Duplicates, LoadedBrief
from campaign.errors import ConflictError, RecipientsError
from campaign.operations import control
from campaign.operations.control import find_campaign
from campaign.operations.erase import erase_campaign
from campaign.operations.suppression import add_persons
from campaign.recipients import open_recipients
from campaign.results.rows_to_mend import MendList
from campaign.submission import amend as amending
from campaign.submission import compose, lock, mended
from campaign.submission.amend import Amended, amend
from campaign.submission.insert import insert_amended
from campaign.submission.submit import submit
from storage.errors import StateError
from storage.history import delivery
from storage.installation import Installation
from storage.names import CampaignId
from storage.persons import person_hash
from storage.queue import amendments, suppressions
from storage.queue.amendments import KnownRow
from storage.session import Connection
from storage.tables import CampaignState, RowStatus, assets
from tests import build

MINE = CampaignId("mine")
ASKED = {"columns": {"name": "name", "amount": "money EUR", "phone": {"type": "text", "optional": True}}}
PEOPLE = [
    {"id": "1", "locale": "en", "phone": "0170", "amount": "12.50", "name": "Ann"},
    {"id": "2", "locale": "en", "phone": "0171", "amount": "x", "name": "Bo"},
    {"id": "", "locale": "en", "phone": "0172", "amount": "2.00", "name": "Cy"},
    {"id": "1", "locale": "en", "phone": "0173", "amount": "3.00", "name": "Di"},
]


def sent(installed: Installation, rows: Sequence[dict[str, str]] = PEOPLE, **options: Any) -> None:
    asked = build.brief("Hello {{ name }}. You owe {{ amount }}.", **(ASKED | options.pop("asked", {})))
    build.submitted(installed, rows, asked, campaign_id=MINE, **options)


def to_mend(installed: Installation) -> list[dict[str, str]]:
    path = installed.settings.home / "results/mine/rows-to-mend.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def amended(installed: Installation, rows: Sequence[dict[str, str]], **options: Any) -> Amended:
    path = build.write_csv(installed.settings.home / "mended.csv", rows)
    with open_recipients(str(path)) as source:
        return amend(installed, find_campaign(installed, MINE), source, actor="test", **options)


def statuses(installed: Installation) -> dict[int, str]:
    with installed.database.read() as connection:
        return {row.row: row.status for row in delivery.rows(connection, MINE)}


def test_mended_rows_are_made_and_nothing_else(installed: Installation) -> None:
    sent(installed)
    build.worked(installed, MINE)
    with installed.database.read() as connection:
        before = {row.row: row for row in delivery.rows(connection, MINE)}
    bo, _, _ = to_mend(installed)
    done = amended(installed, [bo | {"amount": "7.50"}])
    assert (done.made, done.refused) == (1, 2)
    assert find_campaign(installed, MINE).state == CampaignState.RUNNING
    assert build.worked(installed, MINE).state == CampaignState.FINISHED_WITH_ERRORS
    assert statuses(installed) == {1: "stored", 2: "stored", 3: "failed", 4: "failed"}
    with installed.database.read() as connection:
        assert next(delivery.rows(connection, MINE, only=[1])) == before[1]
    assert [row["campaign_row"] for row in to_mend(installed)] == ["3", "4"]


def test_all_mended_the_campaign_is_finished_and_the_list_is_gone(installed: Installation) -> None:
    sent(installed)
    build.worked(installed, MINE)
    bo, cy, di = to_mend(installed)
    amended(installed, [bo | {"amount": "7.50"}, cy | {"id": "3"}, di | {"id": "4"}])
    assert build.worked(installed, MINE).state == CampaignState.FINISHED
    assert set(statuses(installed).values()) == {"stored"}
    assert to_mend(installed) == []
    assert [line["status"] for line in build.manifest(installed.store, MINE)] == ["stored"] * 4


def test_the_same_again_changes_nothing(installed: Installation) -> None:
    sent(installed)
    bo, cy, di = to_mend(installed)
    rows = [bo | {"amount": "7.50"}, cy | {"id": "3"}, di]
    amended(installed, rows)
    build.worked(installed, MINE)
    ended = find_campaign(installed, MINE)
    again = amended(installed, rows)
    assert (again.made, again.unchanged, again.refused) == (0, 2, 1)
    assert find_campaign(installed, MINE) == ended


@pytest.mark.parametrize("state", ["held", "paused", "running"])
def test_a_campaign_that_has_not_ended_stays_as_it_is(installed: Installation, state: str) -> None:
    sent(installed, start=state != "held")
    if state == "paused":
        control.pause(installed, MINE, reason="", actor="test")
    before = find_campaign(installed, MINE).state
    amended(installed, [to_mend(installed)[0] | {"amount": "7.50"}])
    assert find_campaign(installed, MINE).state == before
    assert statuses(installed)[2] == "pending"


def test_what_is_still_wrong_stays_refused_and_is_listed_anew(installed: Installation) -> None:
    sent(installed)
    build.worked(installed, MINE)
    done = amended(installed, [to_mend(installed)[0] | {"amount": "seven"}])
    assert (done.made, done.refused) == (0, 3)
    assert find_campaign(installed, MINE).state == CampaignState.FINISHED_WITH_ERRORS
    told = to_mend(installed)[0]
    assert told["amount"] == "seven"
    assert told["reason"] == "'seven' is not an amount of money"
    assert told["mend"] == "write it as 1234.50 or 1234.50 EUR"


def changed(row: dict[str, str], **cells: str) -> dict[str, str]:
    return row | cells


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"campaign_row": "99"}, "the campaign has no row 99"),
        ({"campaign_row": "1", "id": "1"}, "row 1, id '1', is no row that the campaign refused: it is"),
        ({"campaign_row": "x"}, "campaign_row is 'x'"),
        ({"campaign_row": "", "id": "77"}, "'77' is no id of a row that the campaign refused"),
        ({"campaign_row": "", "id": ""}, "neither an id nor which row"),
        ({"id": "77"}, "row 2 was of the id '2' and this line is of '77'"),
    ],
)
def test_a_line_that_fits_no_refused_row_is_named_and_nothing_is_changed(
    installed: Installation, cells: dict[str, str], said: str
) -> None:
    sent(installed)
    bo, cy, _ = to_mend(installed)
    with pytest.raises(RecipientsError, match=said):
        amended(installed, [cy | {"id": "3"}, bo | {"amount": "7.50"} | cells])
    assert statuses(installed)[3] == "failed"


def test_two_lines_of_one_row_and_columns_that_are_gone_are_told_together(installed: Installation) -> None:
    sent(installed)
    bo = to_mend(installed)[0]
    del bo["phone"]
    with pytest.raises(RecipientsError) as caught:
        amended(installed, [bo, bo])
    assert "the columns 'phone' of the campaign's rows are not in it" in str(caught.value)
    assert "lines 1 and 2 after the header are both of row 2" in str(caught.value)


def test_a_row_is_found_by_its_id_where_the_number_is_gone(installed: Installation) -> None:
    sent(installed)
    bo = to_mend(installed)[0] | {"amount": "7.50"}
    del bo["campaign_row"]
    assert amended(installed, [bo]).made == 1
    assert amended(installed, [bo]).unchanged == 1


def test_what_a_spreadsheet_did_to_other_cells_is_put_back_and_told(installed: Installation) -> None:
    sent(installed, [PEOPLE[0], changed(PEOPLE[1], id="007", phone="01710000000000000001")])
    mended = to_mend(installed)[0] | {"id": "7", "phone": "1.71E+18", "amount": "7.50"}
    assert amended(installed, [mended]).put_back == {"id": 1, "phone": 1}
    with installed.database.read() as connection:
        assert next(delivery.rows(connection, MINE, only=[2])).external_id == "007"


def test_who_opted_out_meanwhile_is_not_called(installed: Installation) -> None:
    sent(installed)
    build.worked(installed, MINE)
    add_persons(installed, ["2"], source="test", actor="test")
    done = amended(installed, [to_mend(installed)[0] | {"amount": "7.50"}])
    assert done.tally.by_outcome == {"suppressed": 1}
    assert statuses(installed)[2] == "suppressed"


def test_who_opts_out_in_the_very_moment_is_not_called(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def insert_and_opt_out(connection: Connection, *rest: Any, **more: Any) -> None:
        insert_amended(connection, *rest, **more)
        person = person_hash(installed.secret, "2")
        suppressions.add(connection, {person: None}, source="test", actor="test")

    sent(installed)
    monkeypatch.setattr(amending, "insert_amended", insert_and_opt_out)
    amended(installed, [to_mend(installed)[0] | {"amount": "7.50"}])
    assert statuses(installed)[2] == "suppressed"


def test_a_row_that_failed_in_sound_is_for_retry(installed: Installation) -> None:
    sent(installed)
    bo = to_mend(installed)[0]
    amended(installed, [bo | {"amount": "7.50"}])
    with installed.database.write() as connection:
        connection.execute(update(assets).where(assets.c.row == 2).values(status=RowStatus.FAILED))
    with pytest.raises(RecipientsError, match="it is failed, and `campaign retry` tries it again"):
        amended(installed, [bo | {"amount": "8.50"}])


def with_list(installed: Installation) -> Path:
    stop = installed.settings.home / "stop.csv"
    stop.write_text("id\n1\n9\n")
    digest = hashlib.sha256(stop.read_bytes()).hexdigest()
    asked = build.brief("Hello {{ name }}. You owe {{ amount }}.", **ASKED, suppress=(digest,))
    path = build.write_csv(installed.settings.home / "r.csv", PEOPLE)
    with open_recipients(str(path)) as source:
        loaded = LoadedBrief(brief=asked, suppress=(stop,))
        submit(installed, source, loaded, actor="test", campaign_id=MINE)
    return stop


def test_the_campaigns_own_opt_out_lists_hold_for_a_row_with_another_id(installed: Installation) -> None:
    stop = with_list(installed)
    bo, cy = to_mend(installed)
    assert amended(installed, [bo | {"amount": "1.00"}]).made == 1
    with pytest.raises(RecipientsError, match="give all 1 again with --suppress"):
        amended(installed, [cy | {"id": "9"}])
    done = amended(installed, [cy | {"id": "9"}], suppress=[stop])
    assert done.tally.by_outcome == {"suppressed": 1}


def test_a_row_may_not_take_the_id_of_one_that_is_made(installed: Installation) -> None:
    sent(installed)
    cy, di = to_mend(installed)[1:]
    done = amended(installed, [cy | {"id": "2"}, di])
    assert [(one.row, one.error.code) for one in done.tally.problems] == [(4, "duplicate")]
    assert statuses(installed) == {1: "pending", 2: "failed", 3: "pending", 4: "failed"}


def test_mended_rows_of_one_name_and_number_are_told(installed: Installation) -> None:
    sent(installed)
    bo, cy, di = to_mend(installed)
    same = {"phone": "0171 5551234", "name": "Bo", "amount": "7.50"}
    done = amended(installed, [bo | same, cy | same | {"id": "3"}, di | {"id": "4"}])
    assert (done.made, dict(done.tally.by_warning)) == (3, {"same-person": 1})


def test_two_amendments_at_once_give_an_id_to_one_row(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(installed)
    cy, di = to_mend(installed)[1:]
    amended(installed, [cy | {"id": "9"}])
    monkeypatch.setattr(amending._CampaignIds, "look_up", lambda *_: None)
    with pytest.raises(StateError, match="row 3 of campaign mine was amended meanwhile"):
        amended(installed, [di | {"id": "9"}])
    assert statuses(installed)[4] == "failed"


def test_killed_while_the_lists_are_written_it_leaves_those_there_were_and_goes_on(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object) -> None:
        raise KeyboardInterrupt

    sent(installed, [one | {"own": "kept"} for one in PEOPLE])
    bo, cy, di = to_mend(installed)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(MendList, "add", kill)
        amended(installed, [bo | {"amount": "7.50"}])
    assert to_mend(installed) == [bo, cy, di]
    assert amended(installed, [bo | {"amount": "7.50"}]).unchanged == 1
    assert to_mend(installed) == [cy, di]


def test_any_number_of_doubles_is_amended(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def few(connection: Connection, campaign_id: CampaignId, numbers: Collection[int]) -> dict[int, KnownRow]:
        assert len(numbers) <= 1  # databases take so many parameters and no more
        return known(connection, campaign_id, numbers)

    sent(installed, [PEOPLE[0], PEOPLE[3], PEOPLE[3]])
    known = amendments.rows
    monkeypatch.setattr(amendments, "rows", few)
    for module in (amending, compose, mended):
        monkeypatch.setattr(module, "CHUNK_ROWS", 1)
    rows = [one | {"id": f"9{number}"} for number, one in enumerate(to_mend(installed))]
    assert amended(installed, rows).made == 2
    assert not (installed.settings.home / "results/mine/duplicates.csv").read_text().splitlines()[1:]


def test_mistakes_are_counted_and_a_few_are_told(installed: Installation) -> None:
    sent(installed)
    with pytest.raises(RecipientsError) as caught:
        amended(installed, [to_mend(installed)[0] | {"campaign_row": "x"}] * 1_200)
    assert len(str(caught.value)) < 3_000
    assert "and 1,190 more" in str(caught.value)


@pytest.mark.parametrize(
    ("before", "now", "is_so"),
    [
        ("12.50", "12.5", True),
        ("1e5", "100000", True),
        ("10.00", "10", True),
        ("12.50", "12.51", False),
        ("12345678901234567890", "1.23456789012346E+019", True),
        ("2026-12-03", "03.12.2026", True),
        ("2026-12-03", "12/3/26", True),
        ("2026-12-03", "2026-03-12", False),
        ("2026-12-03", "04.12.2026", False),
        ("true", "TRUE", True),
        ("Müller Ł “ÿ”", "MÃ¼ller Å\x81 â€œÃ¿â€\x9d", True),
        ("Müller", "Möller", False),
        ("Müller", "中", False),
    ],
)
def test_what_a_spreadsheet_does_to_a_cell_is_told_from_what_people_do(
    before: str, now: str, is_so: bool
) -> None:
    assert mended.is_damaged(before, now) is is_so


def test_a_list_that_was_read_as_another_encoding_is_taken(installed: Installation) -> None:
    sent(installed, [PEOPLE[0], PEOPLE[1] | {"id": "ä2", "name": "Jörg"}])
    path = installed.settings.home / "results/mine/rows-to-mend.csv"
    text = path.read_bytes().decode("cp1252").replace(",x,", ",7.50,")
    path.write_text(text, encoding="utf-8")
    with open_recipients(str(path)) as source:
        done = amend(installed, find_campaign(installed, MINE), source, actor="test")
    assert (done.made, done.put_back) == (1, {"id": 1, "name": 1})


def test_a_dry_run_says_what_would_be_and_changes_nothing(installed: Installation) -> None:
    sent(installed)
    before = to_mend(installed)
    done = amended(installed, [before[0] | {"amount": "7.50"}], dry_run=True)
    assert (done.made, done.refused) == (1, 2)
    assert to_mend(installed) == before
    assert statuses(installed)[2] == "failed"


@pytest.mark.parametrize(("how", "said"), [("cancelled", "is cancelled"), ("erased", "was erased")])
def test_a_campaign_that_is_over_for_good_takes_nothing(installed: Installation, how: str, said: str) -> None:
    sent(installed)
    rows = to_mend(installed)
    if how == "cancelled":
        control.cancel(installed, MINE, actor="test")
    else:
        build.worked(installed, MINE)
        erase_campaign(installed, MINE, actor="test")
    with pytest.raises(ConflictError, match=said):
        amended(installed, rows)


def test_another_front_end_than_the_locks_makes_nothing(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(installed)
    monkeypatch.setattr(lock, "SPEECH_REVISION", 9_999)
    with pytest.raises(ConflictError, match=r"text front end: revision .* then, 9999 now"):
        amended(installed, to_mend(installed))


def test_the_brief_of_a_campaign_decides_about_doubles(installed: Installation) -> None:
    sent(installed, asked={"duplicates": Duplicates.KEEP_ALL})
    bo = to_mend(installed)[1] | {"id": "1"}
    assert amended(installed, [bo]).made == 1
