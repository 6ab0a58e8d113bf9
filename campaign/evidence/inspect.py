"""A delivered file looked into: what it says about itself, and whether its sound is still the one described."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from campaign.errors import InputError, NotFoundError
from workers.documents import read_bounded
from workers.errors import UnreadableFileError
from workers.finish.descriptor import full_runs
from workers.finish.encoding import CODECS
from workers.finish.marks import C2PA, read_c2pa
from workers.finish.reading import ReadFile, mismatches, read_file

LARGEST_FILE_BYTES = 1 << 30
"""Three hours of WAV at 48 kHz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found."""

    read: ReadFile
    changed: tuple[str, ...]
    """In plain words, what no longer matches; empty when all does."""

    c2pa: bool | None
    """Whether the signed manifest holds; None where none is due, or c2pa-python is not installed."""

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
            "c2pa": self.c2pa,
            "matches": not self.changed,
            "changed": list(self.changed),
            "descriptor": described,
            "runs": [] if described is None else full_runs(described),
        }


def inspect_file(path: Path) -> Inspection:
    """Raises `NotFoundError`, or `InputError` for a file that cannot be read."""
    try:
        data = read_bounded(path, most_bytes=LARGEST_FILE_BYTES)
    except FileNotFoundError as exc:
        raise NotFoundError(f"there is no file {path}.") from exc
    except OSError as exc:
        raise InputError(f"{path} cannot be read: {exc.strerror}. Name another.") from exc
    except ValueError as exc:
        raise InputError(f"{path} is no delivered file: {exc}. Name another.") from exc
    try:
        file = read_file(data)
    except UnreadableFileError as exc:
        raise InputError(f"{path}: {exc}. Fetch it again, or compare it with the manifest's sha256.") from exc
    marked = _c2pa_holds(data, file)
    changed = mismatches(file)
    if marked is False:
        changed.append("the C2PA manifest that it should carry is missing or does not hold")
    return Inspection(read=file, changed=tuple(changed), c2pa=marked)


def _c2pa_holds(data: bytes, file: ReadFile) -> bool | None:
    """Whether the signed manifest holds and is this recipient's; None where none is due or nothing can read one."""
    described = file.descriptor
    if described is None or C2PA not in described["finish"].get("marks", ()):
        return None
    if find_spec("c2pa") is None:
        return None
    _, content_type, _ = CODECS[file.codec]
    claims = read_c2pa(data, content_type)
    return claims is not None and claims.get("recipient") == described["recipient"]
