"""Opt-out lists: any shape that people export is read, every line counts, and a list that stops nobody stops all."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from campaign.brief import LoadedBrief, UnmatchedLists
from campaign.errors import RecipientsError
from campaign.operations.suppression import add_persons, import_list
from campaign.recipients import open_recipients
from campaign.submission.estimate import dry_run
from campaign.submission.insert import insert_chunk
from campaign.submission.opt_outs import INSTALLATION, OptOutCount, OptOuts, read_ids
from campaign.submission.submit import Submission, submit
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from tests import build


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def ids_of(path: Path, data: str | bytes, column: str = "id") -> list[str]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with open_recipients(str(path)) as source:
        return list(read_ids(source, column))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "id,why\n7,asked\n 8 ,moved\n"),
        ("a.csv", "why;id\nasked;7\nmoved;8\n"),
        ("a.csv", "sep=;\nwhy;id\nasked;7\nmoved;8\n"),
        ("a.tsv", "why\tid\nasked\t7\nmoved\t8\n"),
        ("a.csv", "why|id\r\nasked|7\r\nmoved|8\r\n"),
        ("a.txt", "7\n8\n"),
        ("a.txt", "\ufeff7\r\n\r\n8"),
        ("a.csv", "ID\n7\n8\n"),
        ("a.txt", "7\n\ufeff8\n"),  # two that were put together
        ("a.csv", "why,\ufeff Id \nasked,7\n,8\n"),
        ("a.jsonl", '{"id": "7"}\n\n{"why": "moved", "ID": 8}\n'),
        ("a.jsonl", '"7"\n8\n'),
        ("upload", '{"id": 7}\n{"id": "8"}\n'),
        ("a.csv.gz", gzip.compress(b"id\n7\n8\n", mtime=0)),
        ("a.csv", "\n\r\nid;why\n7;asked\n8;moved\n"),
        ("a.json", '["7", 8]'),
        ("a.csv", '[\n  {"id": "7"},\n  {"id": 8, "why": [1]}\n]\n'),
        ("a.txt", "7\n\n8\n\n"),
        ("a.csv", "id,why,\n7,asked,,\n8\n"),
        ("a.csv", '"id";"why"\n"7";"a;b"\n"8";"two\nlines"\n'),
    ],
    ids=ascii,
)
def test_any_shape_of_a_list_holds_the_same_ids(tmp_path: Path, name: str, data: str | bytes) -> None:
    assert ids_of(tmp_path / name, data) == ["7", "8"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", "a,b\n1,2\n", "has several columns and no first line"),
        ("a.csv", "a;b\n1;2\n", "has several columns and no first line"),
        ("a.csv", "why,id\nasked,7\nshort\n", "line 3, has no id"),
        ("a.csv", "name,id\nDoe, John,17\n", "line 2, is parted otherwise"),
        ("a.csv", "id\tname\n17;Ana\n", "line 2, is parted otherwise"),
        ("a.csv", "id\n16\n17;Ana\n", "line 3, is parted otherwise"),
        ("a.csv", "id\n17,Ana\n", "line 2, is parted otherwise"),
        ("a.csv", "17\n18,19\n", "line 2, has several columns"),
        ("a.csv", "17\n18;19\n", "line 2, holds ';'"),
        ("a.csv", "Our list of 2026\nid;name\n17;x\n", "line 2, holds ';'"),
        ("a.csv", "id,name,id\n1,x,2\n", "has 2 columns called 'id'"),
        (
            "a.csv",
            "id\n17\n4.91701E+11\n",
            "line 3, holds 4.91701E.11, a number that a spreadsheet has rounded",
        ),
        ("a.csv", "id;why\n4,91701e+11;x\n", "line 2, holds 4,91701e.11, a number"),
        ("a.txt", "# of 2026\n17\n", "line 1, holds a comment: # of 2026"),
        ("a.csv", "id\n17 # asked\n", "line 2, holds a comment: 17 # asked"),
        ("a.csv", "<html>\n<td>17</td>\n", "is a web page"),
        ("a.csv", "17<br>\n", "line 1, holds '<'"),
        ("a.csv", '[\n"17"\n', "is no JSON array"),
        ("a.json", '[["17"]]', "line 1, has no id"),
        ("a.jsonl", '{"id": "17", "id": "18"}\n', "line 1, is no JSON value with one reading"),
        ("a.csv", "id,why\n,asked\n", "line 2, has no id"),
        ("a.csv", b"id\n\xe9\n", "is not UTF-8. It may be cp1252: é"),
        ("a.csv", 'id\n"7"8\n', "quotation mark without its partner"),
        ("a.jsonl", '{"id": "7"}\n{oops\n', "line 2, is no JSON"),
        ("a.jsonl", '{"name": "7"}\n', "line 1, has no id"),
        ("a.jsonl", '{"id": ["7"]}\n', "line 1, has no id"),
        ("a.jsonl", '{"id": "7", "ID": "8"}\n', "line 1, has no id"),
        ("a.csv.gz", gzip.compress(b"id\n7\n", mtime=0)[:-4], "not a whole gzip file"),
    ],
    ids=ascii,
)
def test_what_is_no_list_of_ids_is_told_with_its_place(
    tmp_path: Path, name: str, data: str | bytes, said: str
) -> None:
    with pytest.raises(RecipientsError, match=said):
        ids_of(tmp_path / name, data)
    with (
        pytest.raises(RecipientsError, match=r"none\.csv cannot be read"),
        closing(OptOuts([tmp_path / "none.csv"], "id")),
    ):
        pass


TWO_READINGS = {
    "words": "id,status\n7,subscribed\n8,unsubscribed\n",
    "words of a CRM": "id,Subscription Status,why\n7,Opted out,x\n8,Active,y\n",
    "yes and no": "id;Opted-Out\n7;yes\n8;no\n",
    "figures": "subscribed,id\n1,7\n0,8\n",
    "true and false": "id,HasOptedOutOfEmail\n7,TRUE\n8,FALSE\n",
    "one and nothing": "id,unsubscribed\n7,\n8,x\n",
    "cells that are missing": "id,why,opt_out\n7,asked,yes\n8\n",
    "a name that leaves it open": "id,status\n7,0\n8,1\n",
    "German": "id,Einwilligung\n7,ja\n8,nein\n",
    "JSON": '{"id": "7", "consent": true}\n{"id": "8", "consent": false}\n',
    "a JSON array": '[{"id": "7", "optedOut": "yes"}, {"id": "8"}]',
    "Klaviyo": "id,Email Marketing Consent,Email Marketing Consent Timestamp\n7,SUBSCRIBED,2024-01-02\n8,"
    "UNSUBSCRIBED,\n",
    "Brevo": "id;EMAIL_BLACKLISTED;SMS_BLACKLISTED\n7;Yes;No\n8;No;No\n",
    "a status of a channel": "id,SMS Status,Order Status\n7,opted out,active\n8,active,active\n",
    "a channel": "id,Do Not Text,Blocklist\n7,yes,\n8,no,\n",
    "HighLevel": "id,Tags,DND\n7,x,true\n8,y,false\n",
    "Salesforce": "id,HasOptedOutOfEmail__c,MarketingOptIn__c\n7,TRUE,FALSE\n8,FALSE,TRUE\n",
    "the second column of them": "id,status,consent\n7,new,yes\n8,old,no\n",
}


@pytest.mark.parametrize("kind", TWO_READINGS)
def test_a_list_that_says_of_some_only_that_they_opted_out_has_two_readings(
    tmp_path: Path, kind: str
) -> None:
    data = TWO_READINGS[kind]
    with pytest.raises(
        RecipientsError, match=r"list a\.csv can be read in two ways.* Keep only the lines of"
    ):
        ids_of(tmp_path / "a.csv", data)


def test_both_readings_are_told_with_what_says_them(tmp_path: Path) -> None:
    data = "id,status\n" + "6,subscribed\n" * 100 + "7,unsubscribed\n"
    told = (
        r"everybody in it opted out, or only those of whom 'status' says so\. It says one thing in line 2 "
        r"\('subscribed'\) and the other in line 102 \('unsubscribed'\)\. Keep only the lines of those who opted out; "
        r"if all of them did, take that column out of it\."
    )
    with pytest.raises(RecipientsError, match=told):
        ids_of(tmp_path / "a.csv", data)


@pytest.mark.parametrize(
    "data",
    [
        "id,status\n7,subscribed\n8,active\n",
        "id,status\n7,\n8,Active\n",
        "id,opted_out\n7,no\n8,\n",
        "id,consent\n7,yes\n8,yes\n",
        '[{"id": "7", "subscribed": true}]',
    ],
)
def test_a_list_of_people_who_may_be_called_is_none_of_opt_outs(tmp_path: Path, data: str) -> None:
    with pytest.raises(
        RecipientsError, match=r"nobody opted out there, see line [0-9]+ .* Give the list of those"
    ):
        ids_of(tmp_path / "a.csv", data)


@pytest.mark.parametrize(
    "data",
    [
        "id,status\n7,unsubscribed\n8,Opted-Out\n",
        "id,opted_out\n7,yes\n8,1\n",
        "id,subscribed\n7,no\n8,\n",
        "id,opted_out\n7,\n8,\n",
        "id,status\n7,yes\n8,\n",
        "id,unsubscribed\n7,2026-01-02\n8,2026-03-04\n",
        "id,status,state\n7,delivered,IN\n8,failed,OH\n",
        "id,OPTIN_TIME,OPTIN_IP,UNSUB_TIME,UNSUBSCRIBE_REASON\n7,2020-01-01,1.2.3.4,2024-01-01,yes\n8,,,2024-01-01,no\n",
        "id,subscription_id,consent_version\n7,1,0\n8,0,1\n",
        "id,do_not_call,newsletter\n7,yes,yes\n8,yes,no\n",
        "id,reason\n7,yes\n8,no\n",
        '{"id": "7", "consent": false}\n"8"\n',
    ],
)
def test_a_list_whose_columns_all_say_the_same_or_nothing_is_taken(tmp_path: Path, data: str) -> None:
    assert ids_of(tmp_path / "a.csv", data) == ["7", "8"]


def test_a_list_of_subscribers_stops_the_submit_and_adds_nobody_to_the_installation_s(
    installed: Installation,
) -> None:
    subscribers = "id,status\n17,subscribed\nb-2,unsubscribed\n"
    with pytest.raises(RecipientsError, match="two ways"):
        sent(installed, PEOPLE, subscribers)
    path = installed.settings.home / "all.csv"
    path.write_text("id,status\n17,subscribed\n")
    with pytest.raises(RecipientsError, match="nobody opted out"):
        import_list(installed, path, id_column="id", encoding="utf-8", actor="test")
    assert sent(installed, PEOPLE).tally.by_outcome == {"pending": 4}


def test_a_list_in_the_encoding_of_the_file_is_read(installed: Installation) -> None:
    folder = installed.settings.home
    (folder / "people.csv").write_bytes("id,locale,name\nMüller,en,Ana\nb,en,Bo\n".encode("cp1252"))
    (folder / "stop.csv").write_bytes("id\nMÜLLER\n".encode("cp1252"))
    loaded = LoadedBrief(brief=build.brief(), suppress=(folder / "stop.csv",))
    with open_recipients(str(folder / "people.csv"), encoding="cp1252") as source:
        done = submit(installed, source, loaded, actor="test", start=False)
    assert done.tally.by_outcome == {"suppressed": 1, "pending": 1}


def test_a_list_in_another_encoding_than_the_file_is_told_to_become_utf_8(tmp_path: Path) -> None:
    (tmp_path / "stop.csv").write_bytes("id\nMÜLLER\n".encode("cp1252"))
    told = r"the opt-out list stop\.csv is not UTF-8\. Save it as UTF-8: --encoding is how the recipients"
    with pytest.raises(RecipientsError, match=told):
        OptOuts([tmp_path / "stop.csv"], "id")


def sent(
    installed: Installation, people: str, *lists: str, unmatched: UnmatchedLists = UnmatchedLists.ERROR
) -> Submission:
    folder = installed.settings.home
    (folder / "people.csv").write_text(people)
    paths = tuple(folder / f"stop-{number}.csv" for number, _ in enumerate(lists, 1))
    for path, text in zip(paths, lists, strict=True):
        path.write_text(text)
    loaded = LoadedBrief(brief=build.brief(), suppress=paths, unmatched_lists=unmatched)
    with open_recipients(str(folder / "people.csv")) as source:
        dry, _ = dry_run(installed, source, loaded)
        submission = submit(installed, source, loaded, actor="test", start=False)
    assert dry.opt_outs == submission.tally.opt_outs
    assert dry.by_outcome == submission.tally.by_outcome
    return submission


PEOPLE = "id,locale,name\n0017,en,Ana\nB-2,en,Bo\nc,en,Cy\nd,en,Di\n"


def test_ids_are_met_in_any_spelling_and_every_list_is_counted(installed: Installation) -> None:
    done = sent(installed, PEOPLE, "17\nb‑2\nb-2\nz\n", "c\n")
    assert done.tally.by_outcome == {"suppressed": 3, "pending": 1}
    first, second, everybody = done.tally.opt_outs
    assert first == OptOutCount(list="stop-1.csv", lines=4, ids=3, matched=2, respelled=2, rows=2)
    assert (second.matched, second.respelled, second.unmatched) == (1, 0, 0)
    assert (everybody.list, everybody.ids, everybody.rows) == (INSTALLATION, 0, 0)
    assert str(first) == (
        "opt-out list stop-1.csv: 4 lines with 3 ids, 2 in this file, 2 of these written otherwise, 1 not"
    )
    with installed.database.read() as connection:
        kept = campaign_rows.get(connection, done.campaign.id).opt_outs
    assert kept is not None
    assert [one["list"] for one in kept] == ["stop-1.csv", "stop-2.csv", INSTALLATION]


def test_a_list_that_stops_nobody_stops_the_submit_until_it_is_said_to_be_right(
    installed: Installation,
) -> None:
    for lists in (("x\ny\n",), ("c\n", "x\n")):
        with pytest.raises(RecipientsError, match=r"stops nobody: none of its .* --unmatched-lists allow"):
            sent(installed, PEOPLE, *lists)
    with installed.database.read() as connection:
        assert campaign_rows.recent(connection) == []
    done = sent(installed, PEOPLE, "x\n", unmatched=UnmatchedLists.ALLOW)
    assert (done.tally.opt_outs[0].matched, done.tally.by_outcome) == (0, {"pending": 4})


def test_an_empty_list_stops_the_submit_until_it_is_said_to_be_right(installed: Installation) -> None:
    for empty in ("", "id\n", "\n\n"):
        with pytest.raises(
            RecipientsError, match=r"stops nobody: there is no id in it.* --unmatched-lists allow"
        ):
            sent(installed, PEOPLE, empty)
    done = sent(installed, PEOPLE, "id\n", unmatched=UnmatchedLists.ALLOW)
    assert str(done.tally.opt_outs[0]) == "opt-out list stop-1.csv: 0 lines, 0 in this file, 0 not"


def test_who_is_on_the_installation_s_list_is_in_no_campaign(installed: Installation) -> None:
    add_persons(installed, ["17", "elsewhere"], source="test", actor="test")
    done = sent(installed, PEOPLE)
    assert done.tally.by_outcome == {"suppressed": 1, "pending": 3}
    assert str(done.tally.opt_outs[0]) == f"{INSTALLATION}: 2 listed, 1 rows of this file"
    twice = sent(installed, PEOPLE.replace("c,en,Cy", "17,en,Cy"))
    assert twice.tally.by_outcome == {"suppressed": 2, "pending": 2}


def test_a_resumed_submit_counts_the_whole_list(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after its first rows are in: what the list met there counts, too."""
    people = "id,locale,name\n" + "".join(f"{n},en,{build.spelled(n)}\n" for n in range(600))
    path = installed.settings.home / "stop.csv"
    path.write_text("".join(f"{n}\n" for n in range(0, 600, 100)))
    (installed.settings.home / "people.csv").write_text(people)
    loaded = LoadedBrief(brief=build.brief(), suppress=(path,))
    with open_recipients(str(installed.settings.home / "people.csv")) as source:
        real, calls = insert_chunk, iter(range(100))

        def once(*arguments: object, **named: object) -> None:
            if next(calls) == 1:
                raise KeyboardInterrupt
            real(*arguments, **named)  # type: ignore[arg-type]

        monkeypatch.setattr("campaign.submission.draft.insert_chunk", once)
        with pytest.raises(KeyboardInterrupt):
            submit(installed, source, loaded, actor="test", start=False)
        monkeypatch.undo()
        done = submit(installed, source, loaded, actor="test", start=False)
    assert (done.tally.opt_outs[0].matched, done.tally.opt_outs[0].rows) == (6, 6)
    assert done.tally.by_outcome["suppressed"] == 6
