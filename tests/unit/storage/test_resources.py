"""Shipped data is found in a checkout and in a wheel, and is ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import resources


def test_a_library_of_the_same_name_beside_a_wheel_is_not_taken_for_our_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "campaign" / "_data" / "alembic"
    for folder in (ours, tmp_path / "alembic", tmp_path / "storage"):
        folder.mkdir(parents=True)
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "storage" / "resources.py"))
    assert resources.data_folder("alembic") == ours
    ours.rmdir()
    assert resources.data_folder("alembic") == tmp_path / "alembic"


def test_a_missing_folder_says_how_to_mend_it() -> None:
    with pytest.raises(FileNotFoundError, match="reinstall campaign"):
        resources.data_folder("no-such-folder")
