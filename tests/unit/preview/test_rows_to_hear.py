"""Which rows a preview makes where nobody names any: the riskiest, of files of any length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from campaign.brief import LoadedBrief
from campaign.errors import RecipientsError
from campaign.preview import one_off
from campaign.preview.one_off import ChosenRows, rows_to_hear
from campaign.recipients import open_recipients
from storage.installation import Installation
from tests import build
from tests.commands import run


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def to_hear(installed: Installation, rows: Sequence[Mapping[str, str]], count: int) -> ChosenRows:
    path = build.write_csv(installed.settings.home / "rows.csv", rows)
    with open_recipients(str(path)) as source:
        return rows_to_hear(installed, source, LoadedBrief(brief=build.brief(), suppress=()), count)


def test_a_file_of_two_rows_is_enough(installed: Installation) -> None:
    assert to_hear(installed, build.people(2), 3) == ChosenRows(numbers=(1, 2), looked_at=2, is_all=True)


def test_a_row_that_cannot_be_said_is_no_choice_while_another_can(installed: Installation) -> None:
    one, two = build.people(2)
    assert to_hear(installed, [one | {"name": ""}, two], 3).numbers == (2,)
    assert to_hear(installed, [one | {"name": ""}], 3).numbers == (1,)


def test_a_long_file_is_looked_at_to_a_point_that_is_told(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_off, "LOOKED_AT", 3)
    chosen = to_hear(installed, [*build.people(3), {"id": "x", "locale": "en", "name": "Zoë"}], 2)
    assert (chosen.looked_at, chosen.is_all) == (3, False)
    assert max(chosen.numbers) <= 3


def test_a_file_without_rows_is_an_error(installed: Installation, tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text("id,name\n")
    with (
        open_recipients(str(tmp_path / "none.csv")) as source,
        pytest.raises(RecipientsError, match="no rows"),
    ):
        rows_to_hear(installed, source, LoadedBrief(brief=build.brief(), suppress=()), 3)


def test_the_command_says_what_is_said_and_where_each_file_lies(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("id,name\n1,Ann\n2,Bo\n")
    (tmp_path / "campaign.toml").write_text(
        'model = "tone"\n[templates]\ndefault = { text = "Hi {{ name }}, 5 km." }\n[finish]\ncodec = "wav"\n'
    )
    environment = {"CAMPAIGN_HOME": str(tmp_path / "home"), "CAMPAIGN_SECRET": "5e" * 32}
    done = run("preview", tmp_path / "r.csv", "--out", tmp_path / "out", environment=environment)
    assert done.code == 0
    assert "said     Hi Bo, five kilometers." in done.out
    for number in (1, 2):
        path = tmp_path / f"out/row-{number}.wav"
        assert path.is_file() and str(path) in done.out
