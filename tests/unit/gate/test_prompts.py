"""The prompt sets that ship, and sets of one's own."""

from __future__ import annotations

import shutil
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from campaign.errors import InputError, NotFoundError
from campaign.gate.prompts import load_prompts, shipped_sets
from storage.resources import data_folder


def test_ten_general_utterances_in_each_of_four_languages() -> None:
    rows = load_prompts("general").rows
    assert Counter(row["locale"] for row in rows) == {"en": 10, "es": 10, "de": 10, "fr": 10}
    assert len({row["text"] for row in rows}) == 40


@pytest.mark.parametrize("language", ["en", "es", "de", "fr"])
def test_the_campaign_set_holds_every_pair_of_name_amount_date_and_phone(language: str) -> None:
    rows = [row for row in load_prompts("campaign").rows if row["locale"] == language]
    for one, other in (("name", "amount"), ("name", "due"), ("amount", "due"), ("amount", "phone")):
        pairs = set(product({row[one] for row in rows}, {row[other] for row in rows}))
        assert {(row[one], row[other]) for row in rows} == pairs, (one, other)
    assert all(row["aside"] for row in rows)


def test_a_set_is_named_by_version_name_or_folder(tmp_path: Path) -> None:
    assert shipped_sets() == ["calibration@1", "campaign@1", "general@1"]
    assert load_prompts("general") == load_prompts("general@1")
    shutil.copytree(data_folder("templates") / "prompts" / "general-1", tmp_path / "mine-3")
    mine = load_prompts(str(tmp_path / "mine-3"))
    assert (mine.label, mine.digest) == ("mine@3", load_prompts("general").digest)


def test_other_words_are_another_digest(tmp_path: Path) -> None:
    folder = tmp_path / "general-1"
    shutil.copytree(data_folder("templates") / "prompts" / "general-1", folder)
    rows = folder / "prompts.csv"
    rows.write_text(
        rows.read_text(encoding="utf-8").replace("Good morning", "Good evening"), encoding="utf-8"
    )
    assert load_prompts(str(folder)).digest != load_prompts("general").digest


def test_what_is_not_there_is_named_with_what_is() -> None:
    with pytest.raises(NotFoundError, match="there are calibration@1, campaign@1, general@1"):
        load_prompts("special")
    with pytest.raises(NotFoundError):
        load_prompts("general@9")
    with pytest.raises(InputError, match="has no it; it has en, es, de, fr"):
        load_prompts("general").in_languages(("it",))


def test_a_row_without_an_id_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "general-1"
    shutil.copytree(data_folder("templates") / "prompts" / "general-1", folder)
    (folder / "prompts.csv").write_text("id,locale,text\n,en,Hello.\n")
    with pytest.raises(InputError, match="every row needs id and locale"):
        load_prompts(str(folder))
