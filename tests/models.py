"""Model files of the catalogue for tests, fetched once a machine; each test says which its installation has."""

from __future__ import annotations

from pathlib import Path

from campaign.registry.catalogue import fetch_files, shipped_catalogue
from campaign.registry.catalogue.keeping import place_of
from storage.settings import Settings

KEPT = "models-of-all-tests"
"""Beside this machine's own models: what those have is not the tests' to decide, and theirs nobody's to find."""
NATURAL = "models-of-programs"
"""What a program under test has where nobody says: voices that it fetches, and nobody who listens."""


def beside(name: str) -> Path:
    """A folder beside this machine's own models."""
    return Settings().kept_models.with_name(name)


def models_with(folder: Path, *names: str) -> Path:
    """A models folder that has these entries and no others, whatever else this machine has."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        entry = shipped_catalogue().find(name)
        place = fetch_files(entry, place_of(Settings(models=beside(KEPT)), entry))
        (folder / place.name).symlink_to(place)
    return folder


def without(folder: Path, name: str) -> None:
    """Take one away again."""
    for place in folder.glob(f"{name}-*"):
        place.unlink()
