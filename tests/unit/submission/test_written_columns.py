"""One way of writing numbers a column: found over the whole file before row 1, declared, or an error; and kept."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from campaign.brief import LoadedBrief, read_brief
from campaign.errors import HeaderError, RowError
from campaign.operations.control import find_campaign
from campaign.preview.check import check_file
from campaign.preview.one_off import rows_to_hear
from campaign.preview.workbench import examples, render, try_rows
from campaign.recipients import open_recipients
from campaign.recipients.rows import WrittenNumber
from campaign.rerender.impact import impact
from campaign.speech.columns import parse_column_type
from campaign.speech.conventions import NO_CONVENTIONS, Conventions
from campaign.submission.amend import amend
from campaign.submission.compose import Composer
from campaign.submission.estimate import dry_run
from campaign.submission.header_stage import fit_columns
from campaign.submission.lock import conventions_of
from campaign.submission.replay import kept_rows, replayed, words_of_row
from campaign.submission.written_columns import number_formats
from storage.installation import Installation
from storage.lock import Lock, LockedConventions
from storage.names import CampaignId
from storage.records import Campaign
from tests import build

TEMPLATE = "You owe {{ amount }}."


def loaded(columns: Mapping[str, Any] | None = None, text: str = TEMPLATE) -> LoadedBrief:
    table: dict[str, Any] = {
        "templates": {"default": {"text": text, "language": "en"}},
        "columns": columns or {},
    }
    return read_brief(table, label="campaign.toml", folder=None)


def formats(path: Path, asked: LoadedBrief) -> dict[str, str]:
    with open_recipients(str(path)) as source:
        return number_formats(asked, source, fit_columns(asked, source))


def listed(folder: Path, *values: str, header: str = "amount") -> Path:
    path = folder / "people.csv"
    lines = [f'{row},"{value}"' for row, value in enumerate(values, start=1)]
    path.write_text("\n".join([f"id,{header}", *lines]) + "\n", encoding="utf-8")
    return path


def told(path: Path, asked: LoadedBrief) -> tuple[str, ...]:
    with pytest.raises(HeaderError) as caught:
        formats(path, asked)
    return caught.value.lines


@pytest.mark.parametrize("declared", ["money EUR", "cardinal", "unit kg", {"type": "money EUR"}])
def test_one_value_decides_for_all(tmp_path: Path, declared: Any) -> None:
    asked = loaded({"amount": declared})
    assert formats(listed(tmp_path, "12.345", "1.234,50"), asked) == {"amount": "1.234,5"}
    assert formats(listed(tmp_path, "12.345", "1,234.50"), asked) == {"amount": "1,234.5"}
    assert formats(listed(tmp_path, "12", "13"), asked) == {"amount": "1234"}


def test_a_column_that_a_filter_makes_numbers_is_looked_at_too(tmp_path: Path) -> None:
    asked = loaded(text='You owe {{ amount | default("0") | money("EUR") }}.')
    assert formats(listed(tmp_path, "12.345", "12,50"), asked) == {"amount": "1.234,5"}
    assert "money" in told(listed(tmp_path, "12.345"), asked)[0]
    assert formats(listed(tmp_path, "12.345"), loaded()) == {}  # prose


def test_a_column_with_two_readings_is_one_error_and_its_mends_mend(tmp_path: Path) -> None:
    path = listed(tmp_path, "12", "12.345", "1.000", header="Betrag")
    columns = {"amount": {"from": "Betrag", "type": "money EUR"}}
    (fault,) = told(path, loaded(columns))
    assert fault == (
        "people.csv: column 'Betrag': row 2 has '12.345', which is 12345 or 12.345 with three decimals, and nothing "
        'else in the column shows which. Declare it in [columns]: amount = { type = "money EUR", number = "1.234,5" } '
        'for 12345, number = "1,234.5" for 12.345.'
    )
    mend = tomllib.loads('amount = { type = "money EUR", number = "1.234,5" }')["amount"]
    assert formats(path, loaded({"amount": {"from": "Betrag", **mend}})) == {}


def test_the_mend_of_a_comma_names_the_other_way_first(tmp_path: Path) -> None:
    (fault,) = told(listed(tmp_path, "1,000"), loaded({"amount": "cardinal"}))
    assert 'number = "1,234.5" } for 1000, number = "1.234,5" for 1.000.' in fault


def test_values_that_contradict_each_other_are_an_error_that_names_both_rows(tmp_path: Path) -> None:
    path = listed(tmp_path, "12", "1,234.50", "7", "1.234,50", "1,000")
    (fault,) = told(path, loaded({"amount": "money EUR"}))
    assert "row 2 has '1,234.50' and row 4 '1.234,50'" in fault and "Correct one of them" in fault
    assert "row 5 has '1,000', which has two readings" in fault
    each = listed(tmp_path, "12", "1,234.50", "7", "1.234,50")
    assert formats(each, loaded({"amount": "money EUR"})) == {"amount": "1234"}, "each shows its own"


def test_every_column_with_a_fault_is_told(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text('id,a,b\n1,"1,000","2,000"\n')
    faults = told(path, loaded({"a": "cardinal", "b": "money EUR"}, text="{{ a }} and {{ b }}."))
    assert [fault.split(": ")[1] for fault in faults] == ["column 'a'", "column 'b'"]


def test_what_stands_for_nothing_and_what_is_no_number_decides_nothing(tmp_path: Path) -> None:
    path = listed(tmp_path, "n/a", "0,0", "1.2.3", "=A1+B2", "4.47E+11", "12.50")
    asked = loaded({"amount": {"type": "cardinal", "nothing": ["0,0"]}})
    assert formats(path, asked) == {"amount": "1,234.5"}


def workbook(folder: Path, *values: object) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "amount"])
    for row, value in enumerate(values, start=1):
        sheet.append([row, value])
    book.save(folder / "people.xlsx")
    return folder / "people.xlsx"


def test_numbers_of_a_spreadsheet_have_one_reading(tmp_path: Path) -> None:
    asked = loaded({"amount": "cardinal"})
    assert formats(workbook(tmp_path, 12.345, 7), asked) == {"amount": "1,234.5"}
    (undecided,) = told(workbook(tmp_path, "12.345", 7), asked)
    assert "row 1 has '12.345', which is" in undecided
    (both,) = told(workbook(tmp_path, 12.5, "1.234,50"), asked)
    assert "row 1 has the number 12.5 and row 2 '1.234,50'" in both
    (declared,) = told(
        workbook(tmp_path, 12.345), loaded({"amount": {"type": "cardinal", "number": "1.234,5"}})
    )
    assert "row 1 holds the number 12.345" in declared and "Leave number out" in declared


def test_numbers_of_json_have_one_reading(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    rows: list[dict[str, object]] = [{"id": 1, "amount": 12.345}, {"id": 2, "amount": "1,000"}]
    path.write_text("\n".join(map(json.dumps, rows)))
    assert formats(path, loaded({"amount": "cardinal"})) == {"amount": "1,234.5"}
    with open_recipients(str(path)) as source:
        first, second = source.rows()
    assert isinstance(first.fields["amount"], WrittenNumber) and first.fields["amount"] == "12.345"
    assert not isinstance(second.fields["amount"], WrittenNumber)


# -- what is found is kept, and every way of saying the rows again reads them so -------------------------

ASKED = build.brief(TEMPLATE, languages=("en", "de"), columns={"amount": "cardinal"})
ROWS = [
    {"id": "1", "locale": "en", "amount": "12.345"},
    {"id": "2", "locale": "de", "amount": "12.345"},
    {"id": "3", "locale": "de", "amount": "1.234,50"},
    {"id": "4", "locale": "en", "amount": "x"},
]


def words(installed: Installation, campaign: Campaign) -> list[str]:
    composer = Composer(replayed(installed, campaign).row_voices)
    return [words_of_row(composer.plan(raw)) for raw in kept_rows(installed, campaign)]


@pytest.fixture
def campaign(installed: Installation) -> Campaign:
    return build.submitted(installed, ROWS, ASKED, campaign_id="one", start=False).campaign


TWELVE_THOUSAND = "You owe twelve thousand three hundred forty-five."


def test_a_campaign_keeps_what_was_found_and_every_locale_reads_it_so(
    installed: Installation, campaign: Campaign
) -> None:
    assert campaign.lock.conventions == LockedConventions(numbers={"amount": "1.234,5"})
    assert Lock.from_json(campaign.lock.as_json()) == campaign.lock
    assert words(installed, campaign)[:2] == [TWELVE_THOUSAND, TWELVE_THOUSAND]


def test_a_campaign_from_before_is_read_by_its_locale(installed: Installation, campaign: Campaign) -> None:
    kept = campaign.lock.as_json()
    del kept["conventions"]
    old = replace(campaign, lock=Lock.from_json(kept))
    assert conventions_of(old.lock) == NO_CONVENTIONS
    assert words(installed, old)[0] == "You owe twelve point three four five."


def test_a_campaign_without_numbers_has_no_conventions_in_its_lock(installed: Installation) -> None:
    made = build.submitted(installed, build.people(1)).campaign
    assert "conventions" not in made.lock.as_json()


def test_the_same_file_again_is_the_same_campaign_and_is_not_read_for_its_numbers(
    installed: Installation, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(*_: object) -> dict[str, str]:
        raise AssertionError("the file was read for its numbers")

    monkeypatch.setattr("campaign.submission.submit.number_formats", unread)
    again = build.submitted(installed, ROWS, ASKED, campaign_id="one", start=False)
    assert (again.is_new, again.campaign.id) == (False, campaign.id)


def test_a_dry_run_stops_where_a_submit_would(installed: Installation, tmp_path: Path) -> None:
    path = listed(tmp_path, "12.345")
    asked = LoadedBrief(brief=ASKED, suppress=())
    with open_recipients(str(path)) as source, pytest.raises(HeaderError, match=r"12345 or 12\.345"):
        dry_run(installed, source, asked)
    with open_recipients(str(path)) as source, pytest.raises(HeaderError, match=r"12345 or 12\.345"):
        rows_to_hear(installed, source, asked, 1)
    with open_recipients(str(path)) as source:
        assert "12345 or 12.345" in check_file(source, asked).faults[0]


def test_a_look_without_a_brief_offers_both_readings(tmp_path: Path) -> None:
    with open_recipients(str(listed(tmp_path, "12.345"))) as source:
        amount = next(column for column in check_file(source, None).columns if column.name == "amount")
        assert amount.types[:2] == ("money EUR 1,234.5", "money EUR 1.234,5")
    for offered, number in zip(amount.types, ("1,234.5", "1.234,5"), strict=False):
        assert parse_column_type(offered).options == (("currency", "EUR"), ("number", number))
    with open_recipients(str(listed(tmp_path, "12.345", "1.50"))) as source:
        assert check_file(source, None).notes == ()
    with open_recipients(str(listed(tmp_path, "1,50", "1.50"))) as source:
        assert check_file(source, None).notes == ()
    with open_recipients(str(listed(tmp_path, "1,50", "1.50", "12.345"))) as source:
        (note,) = check_file(source, None).notes
        assert note.startswith("amount: rows 1 and 2 write numbers in two ways")


def amended(installed: Installation, rows: Sequence[Mapping[str, str]]) -> dict[str, int]:
    path = build.write_csv(installed.settings.home / "mended.csv", rows)
    campaign = find_campaign(installed, CampaignId("one"))
    with open_recipients(str(path)) as source:
        return amend(installed, campaign, source, actor="t").tally.by_outcome


def test_mended_rows_are_read_as_the_campaign_reads_its_own(
    installed: Installation, campaign: Campaign
) -> None:
    # what the list of bad rows holds has its row's number
    mend = {"row": "4", "id": "4", "locale": "en", "amount": "12.345"}
    assert amended(installed, [mend | {"amount": "12.34"}]) == {"failed": 1}
    assert amended(installed, [mend]) == {"pending": 1}
    assert words(installed, find_campaign(installed, CampaignId("one")))[3] == TWELVE_THOUSAND


def test_examples_are_read_as_the_campaign_reads_them(installed: Installation, campaign: Campaign) -> None:
    heard = examples(installed, campaign, 2, actor="t").campaign
    assert words(installed, heard)[:2] == [TWELVE_THOUSAND, TWELVE_THOUSAND]


def test_a_comparison_of_lexicons_reads_both_sides_alike(installed: Installation, campaign: Campaign) -> None:
    assert impact(installed, campaign, "none", "none").changed == ()


def test_a_row_without_its_file_has_one_reading_or_is_refused(installed: Installation) -> None:
    asked = LoadedBrief(brief=ASKED, suppress=())
    with pytest.raises(RowError) as caught:
        render(installed, asked, "en", {"amount": "12.345"})
    assert caught.value.code == "ambiguous-number"
    assert render(installed, asked, "en", {"amount": "1.234,50"}).spoken.endswith("point five zero.")
    tally = try_rows(installed, asked, [{"id": "1", "locale": "en", "amount": "12.345"}], actor="t").tally
    assert tally.by_outcome == {"failed": 1}


def test_a_front_end_is_shared_by_the_voices_that_shared_one(
    installed: Installation, campaign: Campaign
) -> None:
    prepared = replayed(installed, campaign)
    own = prepared.row_voices[""]
    two = replace(prepared, row_voices={"": own, "b": own}).reading(Conventions(numbers={"amount": "1234"}))
    assert two.row_voices[""].config is two.row_voices["b"].config
    assert two.conventions.numbers == {"amount": "1234"}


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        (("03/12/2026", "04/12/2026"), ()),
        (("03/12/2026", "25/12/2026"), ()),
        (("12/25/2026", "12/26/2026"), ()),
        (("2026-12-03", "12/25/2026"), ()),
        (
            ("03/12/2026", "2026-01-01", "03/25/2026"),
            ("row 1 has '03/12/2026', which has two readings, and row 3 '03/25/2026', the month first",),
        ),
        (
            ("25/12/2026", "12/25/2026", "01/02/2026"),
            ("row 2 has '12/25/2026', the month first, and row 1 '25/12/2026', the day first",),
        ),
    ],
)
def test_days_of_a_column_are_written_in_one_order(
    tmp_path: Path, values: Sequence[str], faults: Sequence[str]
) -> None:
    """In German rows `03/12/2026` is read day first: not where another row shows that months come first."""
    asked = loaded({"due": "date"}, text="Pay by {{ due }}.")
    path = listed(tmp_path, *values, header="due")
    if not faults:
        assert formats(path, asked) == {}
        return
    (line,) = told(path, asked)
    assert faults[0] in line
    assert 'due = "date dmy"' in line or 'due = "date mdy"' in line
    declared = loaded({"due": "date mdy"}, text="Pay by {{ due }}.")
    assert formats(path, declared) == {}, "the mend mends"


def test_days_that_a_filter_makes_are_looked_at_too(tmp_path: Path) -> None:
    path = listed(tmp_path, "03/12/2026", "03/25/2026", header="due")
    assert "two readings" in told(path, loaded(text="Pay by {{ due | date }}."))[0]
    assert formats(path, loaded(text='Pay by {{ due | date("mdy") }}.')) == {}
