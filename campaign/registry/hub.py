"""`campaign model pull`: weights from a hub, at one commit, checked against the digests that the hub gives.

huggingface_hub fetches (the extra `hub`); HF_ENDPOINT names another hub, HF_TOKEN opens gated ones. Only files that
cannot run code are taken: safetensors and what describes them. Nothing is pinned before everything is there.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from campaign.brief import Purpose
from campaign.errors import ConflictError, InputError
from campaign.registry.pins import PICKLES, NewModel, add_model, check_purposes
from storage.canonical import digest
from storage.installation import Installation
from storage.names import PinId
from storage.registry.pins import Pin

if TYPE_CHECKING:
    from huggingface_hub import HfApi

SOURCE = re.compile(r"hf:(?P<repo>[\w.-]+/[\w.-]+)@(?P<revision>\S+)")
COMMIT = re.compile(r"[0-9a-f]{40}")
ALLOWED_SUFFIXES = frozenset({".safetensors", ".txt", ".json", ".yaml", ".yml", ".model"})
F5_FOLDER = "F5TTS_v1_Base"
"""Of the repository's several models, the one that is meant when none is named."""
VOCODER = "vocoder"
_EVERYTHING = tuple(purpose.value for purpose in Purpose)
_NOTHING_SOLD = (Purpose.NON_COMMERCIAL.value, Purpose.RESEARCH.value)
PERMITTED: Mapping[str, tuple[str, ...]] = {
    "apache-2.0": _EVERYTHING,
    "bsd-3-clause": _EVERYTHING,
    "cc-by-4.0": _EVERYTHING,
    "cc-by-nc-4.0": _NOTHING_SOLD,
    "cc-by-nc-nd-4.0": _NOTHING_SOLD,
    "cc-by-nc-sa-4.0": _NOTHING_SOLD,
    "cc0-1.0": _EVERYTHING,
    "mit": _EVERYTHING,
}
"""What licences of weights allow, as far as everybody reads them alike; of others a person has to say it."""


Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHubModel:
    """What a person asks for."""

    source: str
    """`hf:REPO@COMMIT`."""
    name: PinId
    engine: str = "f5"
    path: str = ""
    """The folder in the repository; empty for its top, or F5's own."""
    vocoder: str = ""
    """`hf:REPO@COMMIT`, or a folder here; empty when the repository has one, or the engine needs none."""
    licence: str = ""
    """Empty for the hub's word."""
    purposes: tuple[str, ...] = ()
    """Empty for what that licence is known to allow."""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Snapshot:
    """A repository at one commit."""

    repo: str
    revision: str
    licence: str
    files: Mapping[str, str | None]
    """Path -> sha256 where the hub knows it."""


def pull_model(installation: Installation, hub_model: NewHubModel, *, actor: str) -> tuple[Pin, bool]:
    """Fetch and pin; (pin, whether it is new). Raises `InputError`, `ConflictError`, `EngineError`; nothing stays then.

    What was fetched before is not fetched again.
    """
    check_purposes(hub_model.purposes)
    snapshot = _look_up(hub_model.source)
    folder = _folder_of(snapshot, hub_model)
    licence, purposes = _permission(hub_model, snapshot)
    fetch_digest = digest([snapshot.repo, snapshot.revision, folder, hub_model.vocoder])
    root = installation.settings.home / "models" / f"{hub_model.name}-{fetch_digest[:12]}"
    leaf = PurePosixPath(folder or snapshot.repo).name  # F5 reads its architecture from the folder's name
    if not root.exists():
        part = root.with_name(f"{root.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        try:
            _fetch(snapshot, folder, part / leaf)
            _add_vocoder(hub_model.vocoder, part / leaf)
            part.rename(root)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    vocoder_repo, vocoder_revision = (
        _parse_source(hub_model.vocoder) if hub_model.vocoder.startswith("hf:") else ("", "")
    )
    new = NewModel(
        name=hub_model.name,
        engine=hub_model.engine,
        folder=root / leaf,
        licence=licence,
        purposes=purposes,
        languages=hub_model.languages,
        repo=snapshot.repo,
        revision=snapshot.revision,
        vocoder_repo=vocoder_repo,
        vocoder_revision=vocoder_revision,
    )
    return add_model(installation, new, actor=actor)


def _parse_source(source: str) -> tuple[str, str]:
    match = SOURCE.fullmatch(source)
    if match is None:
        raise InputError(f"{source!r} is not a source: write hf:OWNER/NAME@COMMIT.")
    if not COMMIT.fullmatch(match["revision"]):
        raise InputError(
            f"{match['revision']!r} is not a full commit: branches and tags move, so a pin names all 40 digits. "
            f"The history of {match['repo']} on the hub shows them."
        )
    return match["repo"], match["revision"]


def _look_up(source: str) -> _Snapshot:
    """What is there at that commit."""
    repo, revision = _parse_source(source)
    info = _ask_hub(repo, revision, lambda api: api.model_info(repo, revision=revision, files_metadata=True))
    if info.sha != revision:
        raise ConflictError(f"{repo} answered with commit {info.sha}, not {revision}. Try again.")
    card: Any = info.card_data or {}
    return _Snapshot(
        repo=repo,
        revision=revision,
        licence=str(card.get("license") or ""),
        files={
            file.rfilename: None if file.lfs is None else str(file.lfs["sha256"])
            for file in info.siblings or ()
        },
    )


def _ask_hub(repo: str, revision: str, ask: Callable[[HfApi], Answer]) -> Answer:
    """The hub's answer, its refusals as `InputError`."""
    try:
        import httpx
        from huggingface_hub import HfApi
        from huggingface_hub.errors import (
            GatedRepoError,
            HfHubHTTPError,
            LocalEntryNotFoundError,
            RepositoryNotFoundError,
            RevisionNotFoundError,
        )
    except ImportError as exc:
        raise InputError("pulling needs the hub's client: pip install 'campaign[hub]'.") from exc
    endpoint = os.environ.get("HF_ENDPOINT") or None
    try:
        return ask(HfApi(endpoint=endpoint))
    except RevisionNotFoundError as exc:
        raise InputError(f"{repo} has no commit {revision}. Look at its history on the hub.") from exc
    except GatedRepoError as exc:
        raise InputError(f"{repo} is gated: accept its terms on the hub and set HF_TOKEN.") from exc
    except RepositoryNotFoundError as exc:
        raise InputError(f"there is no {repo} on the hub, or it needs HF_TOKEN. Correct the name.") from exc
    except (HfHubHTTPError, LocalEntryNotFoundError, httpx.HTTPError, OSError) as exc:
        where = endpoint or "the hub"
        raise InputError(
            f"{where} gave no answer for {repo}: {type(exc).__name__}. Try again, or fetch the files yourself and "
            "`campaign model add` them."
        ) from exc


def _folder_of(snapshot: _Snapshot, hub_model: NewHubModel) -> str:
    """The folder whose files are meant, with a slash at its end; empty for the top."""
    path = hub_model.path.strip("/")
    if (
        not path
        and hub_model.engine == "f5"
        and any(file.startswith(f"{F5_FOLDER}/") for file in snapshot.files)
    ):
        path = F5_FOLDER
    return f"{path}/" if path else ""


def _files_to_fetch(snapshot: _Snapshot, folder: str) -> list[str]:
    """Paths to fetch; raises `InputError` when there are only pickles, or nothing."""
    inside = [file for file in snapshot.files if file.startswith(folder)]
    allowed = [file for file in inside if PurePosixPath(file).suffix.lower() in ALLOWED_SUFFIXES]
    if any(file.endswith(".safetensors") for file in allowed):
        return allowed
    pickles = [file for file in inside if PurePosixPath(file).suffix.lower() in PICKLES]
    if pickles:
        raise InputError(
            f"{snapshot.repo} has only pickled weights, {pickles[0]}, which can run code when read. Fetch it yourself, "
            "convert it with `campaign model convert` on a machine of your choice, and `campaign model add` the folder."
        )
    folders = sorted(
        {str(PurePosixPath(file).parent) for file in snapshot.files if file.endswith(".safetensors")}
    )
    raise InputError(
        f"{snapshot.repo} has no safetensors in {folder or 'its top folder'}; it has some in "
        f"{', '.join(folders) or 'no folder'}. Name one with --path."
    )


def _fetch(snapshot: _Snapshot, folder: str, target: Path) -> None:
    """Every chosen file into `target`, digests compared."""
    from huggingface_hub import hf_hub_download

    endpoint = os.environ.get("HF_ENDPOINT") or None
    target.mkdir(parents=True)
    scratch = target / ".hub"
    for name in _files_to_fetch(snapshot, folder):

        def download(_api: HfApi, name: str = name, *, again: bool = False) -> str:
            return hf_hub_download(
                snapshot.repo,
                name,
                revision=snapshot.revision,
                local_dir=scratch,
                endpoint=endpoint,
                force_download=again,
            )

        path = Path(_ask_hub(snapshot.repo, snapshot.revision, download))
        if not _is_promised(path, snapshot.files[name]):  # the library's own cache may hold a damaged file
            path = Path(_ask_hub(snapshot.repo, snapshot.revision, partial(download, again=True)))
        if not _is_promised(path, snapshot.files[name]):
            raise ConflictError(
                f"{name} of {snapshot.repo} arrived twice with different bytes from those the hub promises. "
                "Do not use this hub."
            )
        goal = target / name.removeprefix(folder)
        goal.parent.mkdir(parents=True, exist_ok=True)
        path.rename(goal)
    shutil.rmtree(scratch)


def _is_promised(path: Path, sha256: str | None) -> bool:
    """Whether a file is what the hub says it is; of small ones it says nothing."""
    with path.open("rb") as stream:
        return sha256 is None or hashlib.file_digest(stream, "sha256").hexdigest() == sha256


def _add_vocoder(vocoder: str, target: Path) -> None:
    """The vocoder beside the model."""
    if not vocoder:
        return
    place = target / VOCODER
    if place.exists():
        raise InputError(f"the repository brings a {VOCODER} of its own. Leave out --vocoder.")
    if vocoder.startswith("hf:"):
        _fetch(_look_up(vocoder), "", place)
        return
    if not Path(vocoder).is_dir():
        raise InputError(f"there is no folder {vocoder}. Name the vocoder's, or hf:OWNER/NAME@COMMIT.")
    shutil.copytree(vocoder, place)


def _permission(hub_model: NewHubModel, snapshot: _Snapshot) -> tuple[str, tuple[str, ...]]:
    """(licence, purposes): a person's word before the hub's."""
    licence = hub_model.licence or snapshot.licence
    if not licence:
        raise InputError(
            f"the hub does not say how {snapshot.repo} is licensed. Give --licence and --purpose."
        )
    purposes = hub_model.purposes or PERMITTED.get(licence.lower(), ())
    if not purposes:
        raise InputError(f"what the licence {licence} allows is not known here. Read it and give --purpose.")
    return licence, purposes
