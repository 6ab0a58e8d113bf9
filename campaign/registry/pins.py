"""Pins of local weights: a folder's files and digests, its licence, what it can do; frozen, and checked when asked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, fields, replace
from pathlib import Path

from campaign.brief import Purpose
from campaign.errors import ConflictError, InputError, NotFoundError
from campaign.registry.shipped import BUILT_IN
from campaign.registry.voice import capability_table
from storage.canonical import digest
from storage.errors import DatabaseError
from storage.history import audit, origins
from storage.history.origins import DeliveredVersion
from storage.installation import Installation
from storage.names import PinId
from storage.registry import pins as pin_rows
from storage.registry.pins import NewPin, Pin, PinnedVocoder
from storage.session import Connection
from workers.engines.engine import Capabilities, EngineError
from workers.engines.registry import attribution_of, create_engine, sound_files
from workers.languages import checked_tag

PICKLES = frozenset({".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"})
MAX_FILES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewModel:
    """What a person asks for."""

    name: PinId
    engine: str
    folder: Path
    licence: str
    purposes: tuple[str, ...]
    languages: tuple[str, ...] = ()
    """What it was trained to speak, where the folder does not say."""
    repo: str = ""
    revision: str = ""
    attribution: str = ""
    """Whom the licence wants named."""
    vocoder_repo: str = ""
    vocoder_revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFinding:
    """One file that `verify` read again."""

    path: str
    holds: bool
    found: str
    """Its digest now, or why there is none."""


def add_model(installation: Installation, new_model: NewModel, *, actor: str) -> tuple[Pin, bool]:
    """Pin a folder of weights; (pin, whether it is new). Raises `InputError`, `ConflictError`, `EngineError`.

    The same folder again is no change; the same files in another place move the pin's location there.
    """
    check_purposes(new_model.purposes)
    if not new_model.folder.is_dir():
        raise InputError(f"there is no folder {new_model.folder}. Name the one that holds the weights.")
    folder = new_model.folder.resolve()
    capabilities = _capabilities(new_model, folder)
    files = _files(new_model.engine, folder)
    vocoder = {path: sha256 for path, sha256 in files.items() if path.startswith("vocoder/")}
    content = digest({"engine": new_model.engine, "repo": new_model.repo, "files": files})
    pin = NewPin(
        id=new_model.name,
        digest=content,
        engine=new_model.engine,
        repo=new_model.repo or None,
        revision=new_model.revision or None,
        files=files,
        vocoder=_vocoder(new_model, vocoder) if vocoder else None,
        vocabulary_sha256=files.get("vocab.txt"),
        licence=new_model.licence,
        attribution=new_model.attribution or attribution_of(new_model.engine) or None,
        purposes=list(new_model.purposes),
        capabilities=capability_table(capabilities),
        location=str(folder),
    )
    with installation.database.write() as connection:
        return keep_pin(connection, pin, actor=actor)


def _vocoder(new_model: NewModel, files: Mapping[str, str]) -> PinnedVocoder:
    return PinnedVocoder(
        repo=new_model.vocoder_repo or None,
        revision=new_model.vocoder_revision or None,
        digest=digest(files),
        files=dict(files),
    )


def check_purposes(purposes: Sequence[str]) -> None:
    """Raise `InputError` for what no pin may allow."""
    if unknown := [purpose for purpose in purposes if purpose not in list(Purpose)]:
        raise InputError(f"--purpose {unknown[0]}: choose one of {', '.join(Purpose)}.")


def keep_pin(connection: Connection, pin: NewPin, *, actor: str) -> tuple[Pin, bool]:
    """(the pin of that name, whether it is new). The same content may lie elsewhere now; other content is refused."""
    languages = pin.capabilities.get("languages")
    for language in languages if isinstance(languages, list | tuple) else ():
        try:
            checked_tag(str(language))
        except ValueError as exc:
            raise InputError(f"pin {pin.id}, its languages: {exc}.") from exc
    existing = pin_rows.find(connection, pin.id)
    if existing is not None:
        _refuse_other(existing, pin)
        if (existing.location, _plain(existing.endpoint)) != (pin.location, _plain(pin.endpoint)):
            pin_rows.relocate(connection, existing.id, pin.location, pin.endpoint)
            audit.note(connection, "pin.move", existing.id, actor=actor)
        return pin_rows.get(connection, existing.id), False
    if twin := pin_rows.find_by_digest(connection, pin.digest):
        raise ConflictError(f"pin {twin.id} has exactly these weights already. Use that one.")
    added = pin_rows.add(connection, pin)
    audit.note(connection, "pin.add", added.id, actor=actor, digest=added.digest, licence=added.licence)
    return added, True


def _capabilities(new_model: NewModel, folder: Path) -> Capabilities:
    with closing(create_engine(new_model.engine, location=folder)) as engine:
        capabilities = engine.capabilities
    return (
        replace(capabilities, languages=frozenset(new_model.languages))
        if new_model.languages
        else capabilities
    )


def _files(engine: str, folder: Path) -> dict[str, str]:
    """Path in the folder -> sha256 of what decides sound; raises `EngineError` for pickled weights."""
    chosen = sound_files(engine, folder)
    if chosen is not None:
        return {path: _sha256(file) for path, file in chosen.items()}
    paths = _paths(folder)
    if pickles := [path for path in paths if path.suffix.lower() in PICKLES]:
        raise EngineError(
            f"{pickles[0]} is a pickle, which can run code when read: `campaign model convert` makes safetensors of it"
        )
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in paths}


def digests_of(folder: Path) -> dict[str, str]:
    """Path in the folder -> sha256 of every file, whatever it is: they are not read here, only told apart."""
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in _paths(folder)}


def _paths(folder: Path) -> list[Path]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    if not 0 < len(paths) <= MAX_FILES:
        raise InputError(
            f"{folder} holds {len(paths)} files; give the folder of one model, 1 to {MAX_FILES} files."
        )
    return paths


MOVABLE = frozenset({"location", "endpoint"})
"""Of a pin: where its weights lie, or who serves them, now."""


def _refuse_other(existing: Pin, pin: NewPin) -> None:
    """Raise `ConflictError` unless the pin of that name is the same."""
    if existing.digest != pin.digest:
        raise ConflictError(
            f"pin {existing.id} exists with different weights; pins never change: use a new name."
        )
    fixed = [item.name for item in fields(NewPin) if item.name not in MOVABLE]
    changed = [key for key in fixed if _plain(getattr(existing, key)) != _plain(getattr(pin, key))]
    if changed:
        raise ConflictError(
            f"pin {existing.id} exists with different {', '.join(changed)}; pins never change. "
            f"`campaign model show {existing.id}` shows what it says."
        )


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def find_pin(connection: Connection, name: str) -> Pin:
    """A pin by its own name or a channel's; raises `NotFoundError`."""
    pin = pin_rows.resolve(connection, name)
    if pin is None:
        raise NotFoundError(
            f"there is no pin or channel {name!r}. `campaign model list` shows those that exist."
        )
    return pin


def verify_model(installation: Installation, name: str) -> tuple[Pin, list[FileFinding]]:
    """Digest every file again and hold it against the pin. Changes nothing; 1-2 s a gigabyte."""
    with installation.database.read() as connection:
        pin = find_pin(connection, name)
    return pin, verify_files(pin)


def verify_files(pin: Pin) -> list[FileFinding]:
    """Every file of a pin, digested now; of a server, what it says of its model now."""
    findings = []
    for path, sha256 in pin.files.items():
        file = Path(pin.location or "") / path
        try:
            actual = _sha256(file)
        except OSError as exc:
            actual = f"cannot be read: {exc.strerror}"
        findings.append(FileFinding(path=path, holds=actual == sha256, found=actual))
    if pin.endpoint is not None:
        findings.append(_verify_endpoint(pin))
    return findings


def _verify_endpoint(pin: Pin) -> FileFinding:
    endpoint = dict(pin.endpoint or {})
    try:
        with closing(create_engine(pin.engine, endpoint=endpoint)) as engine:
            engine.warm([])
    except EngineError as exc:
        return FileFinding(path=str(endpoint["url"]), holds=False, found=str(exc))
    identity = endpoint.get("identity")
    answer = "unpinned: it does not say which model it runs" if identity is None else str(identity)
    return FileFinding(path=str(endpoint["url"]), holds=True, found=answer)


def made_by(installation: Installation, name: str) -> list[DeliveredVersion]:
    """Every file that a pin made, current or not, campaign by campaign."""
    with installation.database.read() as connection:
        pin = find_pin(connection, name)
        return list(origins.delivered_by(connection, origins.Maker(pin_id=pin.id)))


def remove_model(installation: Installation, name: str, *, actor: str) -> None:
    """Forget a pin that made nothing; raises `ConflictError` when anything refers to it, or it ships."""
    if name in BUILT_IN:
        raise ConflictError(
            f"pin {name} comes with the program and stays. It costs nothing where it is not used."
        )
    with installation.database.write() as connection:
        pin = pin_rows.find(connection, name)
        if pin is None:
            raise NotFoundError(f"there is no pin {name!r}. `campaign model list` shows those that exist.")
        try:
            pin_rows.remove(connection, name)
        except DatabaseError as exc:
            raise ConflictError(str(exc)) from exc
        audit.note(connection, "pin.remove", name, actor=actor, digest=pin.digest)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
