"""The check of a bundle: needs the file and the sender's public key, no installation and no network."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaign.errors import EvidenceError, NotFoundError
from campaign.evidence.bundle import PREDICATE_TYPE, PUBLIC_KEY, STATEMENT
from campaign.evidence.signature import open_envelope
from campaign.report.manifest import root_of
from storage.canonical import canonical_json

MAX_FILE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A bundle that holds."""

    campaign: str
    rows: int
    manifest_root: str
    key_id: str
    key_given: bool
    """False when the key came out of the bundle itself: then it only shows that nothing was changed since."""
    files: tuple[str, ...]
    leaves: frozenset[str]


def verify_bundle(path: Path, *, key: Path | None = None) -> Verified:
    """Raises `EvidenceError` with the first thing that does not hold."""
    files = _read(path)
    try:
        public = files.get(PUBLIC_KEY, b"") if key is None else key.read_bytes()
    except OSError as exc:
        raise NotFoundError(f"{key} cannot be read: {exc.strerror}.") from exc
    signed = open_envelope(files.pop(STATEMENT, b""), public)
    files.pop(PUBLIC_KEY, None)
    statement = json.loads(signed.payload)
    if statement.get("predicateType") != PREDICATE_TYPE:
        raise EvidenceError(f"{path} is signed, but it is not evidence of a campaign.")
    _check_files(path, files, statement)
    predicate = statement["predicate"]
    leaves = files["leaves.txt"].decode().split()
    report = json.loads(files["report.json"])
    if root_of(leaves) != predicate["manifest_root"] or report["manifest_root"] != predicate["manifest_root"]:
        raise EvidenceError(f"{path}: the leaves do not give the manifest's root. Do not rely on it.")
    counted = sum(report["rows"]["by_status"].values())
    if not len(leaves) == predicate["rows"] == counted:
        raise EvidenceError(f"{path}: {len(leaves)} leaves, {counted} rows in the report. Do not rely on it.")
    return Verified(
        campaign=predicate["campaign"],
        rows=len(leaves),
        manifest_root=predicate["manifest_root"],
        key_id=signed.key_id,
        key_given=key is not None,
        files=tuple(sorted(files)),
        leaves=frozenset(leaves),
    )


def verify_manifest(verified: Verified, manifest: Path) -> int:
    """Every line of a `manifest.jsonl` is one of the bundle's; returns how many. Raises `EvidenceError`."""
    count = 0
    for number, text in enumerate(_lines(manifest), start=1):
        if _object(text).get("leaf") not in verified.leaves:
            raise EvidenceError(f"{manifest}, line {number}: it is not in the bundle.")
        count += 1
    return count


def verify_disclosure(verified: Verified, path: Path) -> dict[str, Any]:
    """One recipient's line with its salt is one of the bundle's leaves; returns the line. Raises `EvidenceError`."""
    document = _object("\n".join(_lines(path)))
    try:
        line = dict(document["line"])
        leaf = line.pop("leaf")
        digest = hashlib.sha256(bytes.fromhex(document["salt"]) + canonical_json(line).encode()).hexdigest()
    except (KeyError, TypeError, ValueError) as exc:
        raise EvidenceError(f"{path} is not a disclosed line: {exc}. Ask the sender for it again.") from exc
    if leaf != digest or leaf not in verified.leaves:
        raise EvidenceError(f"{path}: the line is not one of the bundle's, or it was changed.")
    return line


def _check_files(path: Path, files: Mapping[str, bytes], statement: Mapping[str, Any]) -> None:
    signed = {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}
    for name in sorted(signed.keys() | files.keys()):
        if name not in files:
            raise EvidenceError(f"{path}: {name} is missing. Ask for the bundle again.")
        if signed.get(name) != hashlib.sha256(files[name]).hexdigest():
            raise EvidenceError(f"{path}: {name} was changed after it was signed. Do not rely on it.")


def _read(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            if any(info.file_size > MAX_FILE_BYTES for info in archive.infolist()):
                raise EvidenceError(f"{path} unpacks to more than a bundle ever does. Do not open it.")
            return {info.filename: archive.read(info) for info in archive.infolist()}
    except FileNotFoundError as exc:
        raise NotFoundError(f"there is no file {path}.") from exc
    except (OSError, zipfile.BadZipFile, NotImplementedError) as exc:
        raise EvidenceError(f"{path} is not a bundle, or it is cut off: {exc}. Ask for it again.") from exc


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise NotFoundError(f"{path} cannot be read: {exc}.") from exc


def _object(text: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except ValueError as exc:
        raise EvidenceError(f"not JSON: {exc}.") from exc
    return parsed if isinstance(parsed, dict) else {}
