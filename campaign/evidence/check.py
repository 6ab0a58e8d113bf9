"""The check of a bundle: needs the file and the sender's public key, no installation and no network."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from campaign.errors import EvidenceError, NotFoundError
from campaign.evidence.archive import unpack
from campaign.evidence.bundle import PREDICATE_TYPE, PUBLIC_KEY, STATEMENT
from campaign.evidence.signature import open_envelope
from campaign.report.manifest import root_of
from storage.canonical import canonical_json
from workers.documents import read_bounded, read_document
from workers.strict import Several, StrictTable, Table, read

LARGEST_KEY_BYTES = 1 << 16
LARGEST_LINE_CHARACTERS = 1 << 20
AGAIN = "Ask for the bundle again."
_LEAF = re.compile(r"[0-9a-f]{64}")


class _Signed(StrictTable):
    """A part of a document that this program wrote: what is read of it, whatever else it holds."""

    model_config = ConfigDict(extra="ignore")


Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Digest(_Signed):
    sha256: Sha256


class _Subject(_Signed):
    name: str
    digest: _Digest


class _Predicate(_Signed):
    campaign: str
    manifest_root: Sha256
    rows: int = Field(ge=0)


class _Statement(_Signed):
    predicateType: str  # noqa: N815 - as in-toto has it
    subject: Several[_Subject]
    predicate: _Predicate


class _Rows(_Signed):
    by_status: Mapping[str, Annotated[int, Field(ge=0)]]


class _Report(_Signed):
    manifest_root: Sha256
    rows: _Rows


class _Line(_Signed):
    leaf: Sha256


class _Disclosed(_Signed):
    line: Mapping[str, JsonValue]
    salt: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2}){1,64}$")]


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
    unpacked = unpack(path)
    public = unpacked.kept.get(PUBLIC_KEY, b"") if key is None else _key(key)
    signed = open_envelope(unpacked.kept.get(STATEMENT, b""), public)
    statement = _document(_Statement, signed.payload, f"{path}, the statement in {STATEMENT}")
    if statement.predicateType != PREDICATE_TYPE:
        raise EvidenceError(f"{path} is signed, but it is not evidence of a campaign. {AGAIN}")
    files = {name: sha256 for name, sha256 in unpacked.sha256.items() if name not in (STATEMENT, PUBLIC_KEY)}
    _check_files(path, files, statement)
    predicate = statement.predicate
    leaves = _leaves(path, unpacked.kept.get("leaves.txt"))
    report = _document(_Report, unpacked.kept.get("report.json", b""), f"{path}, report.json")
    if root_of(leaves) != predicate.manifest_root or report.manifest_root != predicate.manifest_root:
        raise EvidenceError(f"{path}: the leaves do not give the manifest's root. Do not rely on it.")
    counted = sum(report.rows.by_status.values())
    if not len(leaves) == predicate.rows == counted:
        raise EvidenceError(f"{path}: {len(leaves)} leaves, {counted} rows in the report. Do not rely on it.")
    return Verified(
        campaign=predicate.campaign,
        rows=len(leaves),
        manifest_root=predicate.manifest_root,
        key_id=signed.key_id,
        key_given=key is not None,
        files=tuple(sorted(files)),
        leaves=frozenset(leaves),
    )


def verify_manifest(verified: Verified, manifest: Path) -> int:
    """Every line of a `manifest.jsonl` is one of the bundle's; returns how many. Raises `EvidenceError`."""
    seen: set[str] = set()
    for number, text in enumerate(_lines(manifest), start=1):
        where = f"{manifest}, line {number}"
        leaf = _document(_Line, text, where, "Give the manifest.jsonl as it was published.").leaf
        if leaf not in verified.leaves:
            raise EvidenceError(f"{where}: it is not in the bundle. Do not rely on it.")
        if leaf in seen:
            raise EvidenceError(f"{where}: it was there before, and no row is twice. Do not rely on it.")
        seen.add(leaf)
    if verified.rows and not seen:
        raise EvidenceError(f"{manifest} is empty. Give the manifest.jsonl as it was published.")
    return len(seen)


def verify_disclosure(verified: Verified, path: Path) -> dict[str, Any]:
    """One recipient's line with its salt is one of the bundle's leaves; returns the line. Raises `EvidenceError`."""
    text = "\n".join(_lines(path))
    disclosed = _document(_Disclosed, text, str(path), "Ask the sender for the disclosed line again.")
    line = dict(disclosed.line)
    leaf = line.pop("leaf", None)
    digest = hashlib.sha256(bytes.fromhex(disclosed.salt) + canonical_json(line).encode()).hexdigest()
    if leaf != digest or digest not in verified.leaves:
        raise EvidenceError(
            f"{path}: the line is not one of the bundle's, or it was changed. Do not rely on it."
        )
    return line


def _document(model: type[Table], data: str | bytes, where: str, mend: str = AGAIN) -> Table:
    """What is read of a document; raises `EvidenceError` with its file and place."""
    try:
        document = read_document(data)
    except ValueError as exc:
        raise EvidenceError(f"{where} is no document that can be read: {exc}. {mend}") from exc
    return read(model, document, where=where, error=lambda told: EvidenceError(f"{told} {mend}"))


def _key(path: Path) -> bytes:
    try:
        return read_bounded(path, most_bytes=LARGEST_KEY_BYTES)
    except OSError as exc:
        raise NotFoundError(f"{path} cannot be read: {exc.strerror}. Name the key with --key.") from exc
    except ValueError as exc:
        raise EvidenceError(f"the public key {path}: {exc}. Give a PEM file with --key.") from exc


def _leaves(path: Path, data: bytes | None) -> list[str]:
    lines = (data or b"").decode("latin-1").splitlines()
    for number, line in enumerate(lines, start=1):
        if not _LEAF.fullmatch(line):
            raise EvidenceError(f"{path}, leaves.txt, line {number}: it is no leaf. Do not rely on it.")
    return lines


def _check_files(path: Path, files: Mapping[str, str], statement: _Statement) -> None:
    signed = {subject.name: subject.digest.sha256 for subject in statement.subject}
    for name in sorted(signed.keys() | files.keys()):
        if name not in files:
            raise EvidenceError(f"{path}: {name} is missing. {AGAIN}")
        if signed.get(name) != files[name]:
            raise EvidenceError(f"{path}: {name} was changed after it was signed. Do not rely on it.")


def _lines(path: Path) -> Iterator[str]:
    """Without their ends; one longer than any that this program writes is an error, and so is what is no text."""
    try:
        if path.exists() and not path.is_file():
            raise EvidenceError(f"{path} is no plain file. Name another.")
        with path.open(encoding="utf-8") as stream:
            while line := stream.readline(LARGEST_LINE_CHARACTERS + 1):
                if len(line) > LARGEST_LINE_CHARACTERS:
                    raise EvidenceError(f"{path} has a line beyond all measure. Name another.")
                yield line.removesuffix("\n")
    except OSError as exc:
        raise NotFoundError(f"{path} cannot be read: {exc.strerror}. Name another.") from exc
    except UnicodeDecodeError as exc:
        raise EvidenceError(f"{path} is not UTF-8: {exc.reason}. Name another.") from exc
