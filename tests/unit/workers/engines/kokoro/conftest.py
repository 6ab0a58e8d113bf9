from __future__ import annotations

from pathlib import Path

import pytest

from campaign.registry.catalogue import fetch_files, shipped_catalogue
from campaign.registry.catalogue.keeping import place_of
from storage.settings import Settings


@pytest.fixture(scope="session")
def kokoro_folder() -> Path:
    entry = shipped_catalogue().find("kokoro")
    return fetch_files(entry, place_of(Settings(), entry))
