"""The lists of a campaign are whole or as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.report.artefacts import ArtefactWriter
from storage.objects import open_store


def test_the_operators_list_takes_its_name_once_it_is_whole(tmp_path: Path) -> None:
    folder, result = tmp_path / "work", tmp_path / "results" / "recipients-result.csv"
    folder.mkdir()
    result.parent.mkdir()
    result.write_text("old")
    store = open_store(str(tmp_path / "objects"))
    with (
        pytest.raises(OSError, match="No space left"),
        ArtefactWriter(store, "campaigns/mine/", folder, result),
    ):
        raise OSError(28, "No space left on device")
    assert [(path.name, path.read_text()) for path in result.parent.iterdir()] == [(result.name, "old")]
    with ArtefactWriter(store, "campaigns/mine/", folder, result):
        assert result.read_text() == "old"
    assert result.read_text().startswith("id,row,")
    assert [path.name for path in result.parent.iterdir()] == [result.name]
