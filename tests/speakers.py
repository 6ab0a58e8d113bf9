"""Kokoro as an installation has it after `campaign voice get kokoro`, without fetching it again."""

from __future__ import annotations

from pathlib import Path

from campaign.registry.pins import NewModel, add_model
from storage.installation import Installation
from storage.names import PinId
from storage.registry.pins import Pin


def add_kokoro(installation: Installation, folder: Path, *, name: str = "kokoro") -> Pin:
    """Pin the fixture's folder."""
    model = NewModel(
        name=PinId(name),
        engine="kokoro",
        folder=folder,
        licence="Apache-2.0",
        purposes=("commercial", "non-commercial"),
    )
    return add_model(installation, model, actor="test")[0]
