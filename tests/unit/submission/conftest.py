"""An empty installation: SQLite, a folder of objects, what ships."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.installation import Installation
from tests import build


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path)
    yield made
    made.close()
