"""pip, uv and npm, asked where a package lies: so that the user's index, mirror and settings hold.

Wheels only, no scripts, nothing is installed: no code of a package runs. Where an address cannot be fetched as it is,
for want of credentials that only the client has, the client downloads.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from campaign.registry.catalogue.table import NpmOrigin, Package, WheelOrigin
from campaign.registry.catalogue.watching import SourceRefusedError
from workers.observability.logs import redacted

ANSWER_S, DOWNLOAD_S = 180.0, 3_600.0
LONGEST_REASON = 300
TELLS_ADDRESSES = (25, 3)
"""The pip from which on a dry run fetches no wheels."""
_ENVIRONMENT = {
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_USER": "0",
    "PIP_NO_COLOR": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "NO_COLOR": "1",
    "npm_config_update_notifier": "false",
    "npm_config_ignore_scripts": "true",
}


class PackageClient(Protocol):
    """A program that knows where packages lie."""

    @property
    def name(self) -> str:
        """As people call it."""

    def address(self, package: Package, folder: Path) -> str | None:
        """The package's URL; None where asking would fetch it. Raises `SourceRefusedError`. It is run in `folder`."""

    def download(self, package: Package, folder: Path) -> Path:
        """Its file, in `folder`; raises `SourceRefusedError`."""


def client_for(origin: Package) -> PackageClient:
    """Who is asked for a package here; raises `SourceRefusedError` with the mend where nobody can be."""
    if isinstance(origin, NpmOrigin):
        npm = shutil.which("npm")
        if npm is None:
            raise SourceRefusedError(
                "npm is not on this machine; `apt-get install npm` brings it", is_silent=True
            )
        return _Npm(words=(npm,))
    if importlib.util.find_spec("pip") is not None:
        return _Pip(words=(sys.executable, "-m", "pip"), version=importlib.metadata.version("pip"))
    if uv := shutil.which("uv"):
        return _Uv(words=(uv,))
    for name in ("python3", "python"):
        python = shutil.which(name)
        if python and (found := re.match(r"pip ([0-9.]+) ", _said((python, "-m", "pip", "--version")))):
            return _Pip(words=(python, "-m", "pip"), version=found[1])
    raise SourceRefusedError(
        "neither pip nor uv is on this machine; `python3 -m ensurepip` or `apt-get install python3-pip` brings one",
        is_silent=True,
    )


_WHEEL_ONLY = ("--no-deps", "--only-binary", ":all:", "--no-input", "--retries", "1", "--quiet")
_NPM_QUIET = ("--ignore-scripts", "--fetch-retries", "1", "--fetch-retry-mintimeout", "1000")


@dataclass(frozen=True, slots=True)
class _Pip:
    words: tuple[str, ...]
    version: str
    name: str = "pip"

    def address(self, package: Package, folder: Path) -> str | None:
        if tuple(map(int, re.findall(r"[0-9]+", self.version)[:2])) < TELLS_ADDRESSES:
            return None
        words = [*self.words, "install", "--dry-run", "--ignore-installed", "--report", "-", *_WHEEL_ONLY]
        answer = _ask(
            [*words, *_chosen_by(package), "--target", str(folder / "unused"), _exactly(package)], folder
        )
        return _found(
            answer, lambda report: report["install"][0]["download_info"]["url"], json.loads, self.name
        )

    def download(self, package: Package, folder: Path) -> Path:
        words = [*self.words, "download", "--dest", str(folder), *_WHEEL_ONLY]
        _ask([*words, *_chosen_by(package), _exactly(package)], folder, most_s=DOWNLOAD_S)
        return _only_file(folder, "*.whl", self.name)


@dataclass(frozen=True, slots=True)
class _Uv:
    words: tuple[str, ...]
    name: str = "uv"

    def address(self, package: Package, folder: Path) -> str:
        words = [
            *self.words,
            "pip",
            "compile",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--quiet",
            "--no-header",
        ]
        words += ["--no-annotate", "--python", sys.executable, "--format", "pylock.toml", "-"]
        words += _uv_chosen_by(package)
        answer = _ask(words, folder, said=f"{_exactly(package)}\n")
        return _found(answer, lambda lock: _url_of(lock, package.sha256), tomllib.loads, self.name)

    def download(self, package: Package, folder: Path) -> Path:
        raise SourceRefusedError("uv keeps no wheels; `uv pip install pip` brings what can")


@dataclass(frozen=True, slots=True)
class _Npm:
    words: tuple[str, ...]
    name: str = "npm"

    def address(self, package: Package, folder: Path) -> str:
        name = f"{package.package}@{package.version}"
        answer = _ask([*self.words, "view", name, "dist", "--json", *_NPM_QUIET], folder)
        return _found(answer, lambda dist: dist["tarball"], json.loads, self.name)

    def download(self, package: Package, folder: Path) -> Path:
        name = f"{package.package}@{package.version}"
        words = [*self.words, "pack", name, "--pack-destination", str(folder), *_NPM_QUIET]
        _ask(words, folder, most_s=DOWNLOAD_S)
        return _only_file(folder, "*.tgz", self.name)


def _exactly(package: Package) -> str:
    return f"{package.package}=={package.version}"


def _chosen_by(package: Package) -> tuple[str, ...]:
    return package.chosen_by if isinstance(package, WheelOrigin) else ()


def _uv_chosen_by(package: Package) -> list[str]:
    """uv's words; which of a package's wheels is meant its digest says."""
    if not isinstance(package, WheelOrigin) or not package.tags:
        return []
    python, _, platform = package.tags.split("-")
    release, machine = re.split(r"(?<=manylinux_2_[0-9]{2})_", platform, maxsplit=1)
    version = ["--python-version", f"3.{python[3:]}"] if python.startswith("cp") else []
    return [*version, "--python-platform", f"{machine}-{release}"]


def _url_of(lock: Mapping[str, Sequence[Mapping[str, Any]]], sha256: str) -> object:
    wheels = lock["packages"][0]["wheels"]
    return next((one for one in wheels if one.get("hashes", {}).get("sha256") == sha256), wheels[0])["url"]


def _ask(words: Sequence[str], folder: Path, *, most_s: float = ANSWER_S, said: str = "") -> str:
    """What a client says on stdout; raises `SourceRefusedError` with the end of what it complains of."""
    try:
        done = subprocess.run(
            words,
            cwd=folder,
            env=_environment(),
            input=said,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=most_s,
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        raise SourceRefusedError(
            f"{Path(words[0]).name} gave no answer in {most_s:,.0f} s", is_silent=True
        ) from exc
    except OSError as exc:
        raise SourceRefusedError(f"{words[0]} cannot be run: {exc.strerror}", is_silent=True) from exc
    if done.returncode:
        raise SourceRefusedError(_reason(done.stderr or done.stdout, words), is_silent=True)
    return done.stdout


def _environment() -> dict[str, str]:
    return os.environ | _ENVIRONMENT


def _said(words: Sequence[str]) -> str:
    """What a program says; nothing where it fails."""
    try:
        return subprocess.run(
            words, capture_output=True, text=True, errors="replace", timeout=ANSWER_S, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _reason(said: str, words: Sequence[str]) -> str:
    """The line of a client's complaint that says most."""
    lines = [
        re.sub(r"^(npm error|npm ERR!|ERROR:|error:)\s*", "", line).strip() for line in said.splitlines()
    ]
    marked = [
        line
        for line, raw in zip(lines, said.splitlines(), strict=True)
        if line and re.match(r"npm error (?!code|A complete log)|npm ERR! (?!code)|ERROR:|error:|  ×", raw)
    ]
    chosen = (marked or [line for line in lines if line] or ["it failed and said nothing"])[0]
    name = "pip" if "pip" in words[:3] and "-m" in words else Path(words[0]).name
    return f"{name}: {redacted(chosen)[:LONGEST_REASON]}"


def _found(answer: str, find: Callable[[Any], object], parse: Callable[[str], object], name: str) -> str:
    try:
        url = find(parse(answer))
    except (ValueError, KeyError, IndexError, TypeError) as exc:
        raise SourceRefusedError(f"{name} gave an answer without an address") from exc
    if not isinstance(url, str):
        raise SourceRefusedError(f"{name} gave an answer without an address")
    return url


def _only_file(folder: Path, pattern: str, name: str) -> Path:
    files = sorted(folder.glob(pattern))
    if len(files) != 1:
        raise SourceRefusedError(f"{name} left {len(files)} files")
    return files[0]
