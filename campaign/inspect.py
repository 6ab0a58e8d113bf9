"""A delivered file looked into: what it says of itself, and whether its sound is still the one described."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaign.errors import InputError, NotFoundError
from workers.finish.descriptor import full_runs
from workers.finish.reading import ReadFile, UnreadableError, differences, read_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found."""

    read: ReadFile
    changed: tuple[str, ...]
    """In plain words, what no longer matches; empty when all does."""

    @property
    def document(self) -> dict[str, Any]:
        """For `--json`: the runs written out whole."""
        described = self.read.descriptor
        return {
            "codec": self.read.codec,
            "rate_hz": self.read.rate_hz,
            "samples": self.read.samples,
            "hashed": self.read.hashed,
            "sound_sha256": self.read.sound_sha256,
            "tags": dict(self.read.tags),
            "matches": not self.changed,
            "changed": list(self.changed),
            "descriptor": described,
            "runs": [] if described is None else full_runs(described),
        }


def inspect_file(path: Path) -> Inspection:
    """Raises `NotFoundError`, or `InputError` for a file that cannot be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as exc:
        raise NotFoundError(f"there is no file {path}.") from exc
    except OSError as exc:
        raise InputError(f"{path} cannot be read: {exc.strerror}.") from exc
    try:
        found = read_file(data)
    except UnreadableError as exc:
        raise InputError(f"{path}: {exc}. Fetch it again, or compare it with the manifest's sha256.") from exc
    return Inspection(read=found, changed=tuple(differences(found)))
