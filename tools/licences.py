"""Whose code comes with an installation, and on what terms: `python -m tools.licences > docs/licences.md`.

With the names of extras it says instead, a line each, what is GPL or not for commercial use in them.

What is installed by what comes from pyproject.toml and constraints.txt, so that the document is the same on every
machine and every supported Python; licences come from the installed packages' metadata. What neither can say is written
down in `licences.toml`: why each direct dependency is there, and the licence of what names none, or is installed on
some machines only.
"""

from __future__ import annotations

import functools
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from itertools import product
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
NOTES = Path(__file__).with_name("licences.toml")
CORE = ""
"""The install without extras."""
ENVIRONMENTS = [
    {
        "python_version": version,
        "python_full_version": f"{version}.4",
        "platform_machine": machine,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }
    for version, machine in product(("3.11", "3.12", "3.13"), ("x86_64", "aarch64"))
]
PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>.+))?")
GPL = re.compile(r"(?<![A-Z])A?GPL-")
EXCEPTION = re.compile(r"\S+ WITH GCC-exception-3\.1")
"""GCC's runtime libraries, which a program of any licence may be linked with."""
NOT_COMMERCIAL = re.compile(r"-NC-")


@dataclass(slots=True, kw_only=True)
class Distribution:
    """One distribution that some supported machine installs."""

    name: str
    versions: list[str] = field(default_factory=list)
    is_everywhere: bool = True
    """One version on every supported machine."""
    wanted_by: set[str] = field(default_factory=set)
    """Names of distributions; `campaign` for a direct dependency."""


@functools.cache
def notes() -> dict[str, dict[str, str]]:
    """`licences.toml`."""
    return tomllib.loads(NOTES.read_text(encoding="utf-8"))


@functools.cache
def direct() -> dict[str, list[Requirement]]:
    """What pyproject.toml asks for, by extra; `CORE` for the core."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {CORE: project["dependencies"], **project["optional-dependencies"]}
    return {extra: [Requirement(line) for line in lines] for extra, lines in asked.items()}


@functools.cache
def pinned() -> dict[str, Distribution]:
    """What constraints.txt pins for a supported machine, by name."""
    found: dict[str, Distribution] = {}
    current: Distribution | None = None
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if pin := PIN.fullmatch(line):
            current = _pin(found, pin["name"], pin["version"], pin["marker"])
        elif current is not None and (wanted := re.fullmatch(r" +#(?: +via)? +([\w.-]+)(?: \(.*\))?", line)):
            current.wanted_by.add(wanted[1])
    for name, wanting in notes()["for"].items():
        found[name].wanted_by = {wanting}
    return found


def _pin(found: dict[str, Distribution], name: str, version: str, marker: str | None) -> Distribution | None:
    installs = [marker is None or Marker(marker).evaluate(machine) for machine in ENVIRONMENTS]
    if not any(installs):
        return None
    distribution = found.setdefault(name, Distribution(name=name))
    distribution.versions.append(version)
    distribution.is_everywhere = all(installs)
    return distribution


def installs(extra: str) -> dict[str, Distribution]:
    """What an extra brings beside the core, or what the core does; by name, sorted."""
    wants = defaultdict(set)
    for distribution in pinned().values():
        for wanting in distribution.wanted_by:
            wants[wanting].add(distribution.name)
    reached: set[str] = set()
    waiting: set[str] = {str(canonicalize_name(asked.name)) for asked in direct()[extra]}
    waiting &= pinned().keys()
    while waiting:
        reached |= waiting
        waiting = {wanted for name in waiting for wanted in wants[name]} - reached
    if extra != CORE:
        reached -= installs(CORE).keys()
    return {name: pinned()[name] for name in sorted(reached)}


def licence(name: str) -> str:
    """An SPDX expression; raises LookupError where none is known."""
    written = notes()["licence"].get(name)
    return written if written is not None else told_licence(name)


def told_licence(name: str) -> str:
    """By the installed metadata: License-Expression (PEP 639), else License, else classifiers. LookupError for none."""
    try:
        about = metadata.distribution(name).metadata.json
    except metadata.PackageNotFoundError as problem:
        raise LookupError(f"{name} is not installed: write its licence into {NOTES.name}") from problem
    if expression := about.get("license_expression"):
        return str(expression)
    names = notes()["spdx"]
    prefix = "License :: OSI Approved :: "
    classified = [
        line.removeprefix(prefix) for line in about.get("classifier", ()) if line.startswith("License")
    ]
    for text in (str(about.get("license") or ""), *classified):
        if text.strip() in names:
            return names[text.strip()]
    raise LookupError(
        f"{name} says {about.get('license')!r} {classified}: write its licence into {NOTES.name}"
    )


def is_gpl(expression: str) -> bool:
    """GPL or AGPL of any version; LGPL is not, nor GCC's runtime exception."""
    return bool(GPL.search(EXCEPTION.sub("", expression)))


def restricted(name: str) -> bool:
    """Whether a distribution, or something in its wheel, is GPL or not for commercial use."""
    terms = f"{licence(name)}; {notes()['holds'].get(name, '')}"
    return is_gpl(terms) or bool(NOT_COMMERCIAL.search(terms))


def document() -> str:
    """docs/licences.md."""
    parts = [HEAD, *_section("The core", CORE)]
    for extra in direct():
        if extra != CORE:
            parts += _section(f"Extra `{extra}`", extra)
    return "\n".join(parts)


HEAD = """\
# Licences

Made from pyproject.toml, constraints.txt and the installed packages' metadata by `make docs`; do not edit. campaign
itself is Apache-2.0.

Nothing under the GPL or the AGPL is loaded by the process that runs the core install. Two distributions of the core
hold GPL libraries, and each of these is loaded by a process of its own, which takes requests on a pipe: FFmpeg
(`workers/ffmpeg/child.py`) and espeak-ng (`workers/engines/espeak/child.py`). Whoever passes an installation on passes
these libraries on too, on the terms of the GPL. Libraries under the LGPL are in the process; they are files of their
wheels, which can be replaced. Extras that bring what is GPL or not for commercial use say so in `campaign doctor` and
below. Weights of voices are no package: the published ones of F5-TTS are CC-BY-NC-4.0, and a commercial campaign on
such a pin is refused.

`runs` says where: *in* the process of the core install, or *apart*, in one of its own. `why` is a reason for what
pyproject.toml asks for, and else who asks for it.
"""


def _section(title: str, extra: str) -> Iterator[str]:
    found = installs(extra)
    yield f"## {title}\n"
    marked = [name for name in found if restricted(name)]
    if extra != CORE and marked:
        yield f"Brings what is GPL or not for commercial use: {', '.join(marked)}.\n"
    runs = "| runs " if extra == CORE else ""
    yield f"| distribution | version | licence {runs}| why |\n| --- | --- | --- {'| --- ' if runs else ''}| --- |"
    for name, distribution in found.items():
        where = ("| apart " if name in notes()["apart"] else "| in ") if runs else ""
        yield f"| {name} | {' or '.join(distribution.versions)} | {_terms(name)} {where}| {_why(distribution, extra)} |"
    yield ""


def _terms(name: str) -> str:
    holds = notes()["holds"].get(name)
    return licence(name) + (f"; its wheel holds {holds}" if holds else "")


def _why(distribution: Distribution, extra: str) -> str:
    names = {canonicalize_name(requirement.name) for requirement in direct()[extra]}
    if distribution.name in names:
        parts = [notes()["why"][distribution.name], notes()["apart"].get(distribution.name, "")]
        return "; ".join(part for part in parts if part)
    wanting = sorted(distribution.wanted_by & (installs(extra).keys() | installs(CORE).keys()))
    return f"for {', '.join(wanting)}"


def warnings(extras: Iterable[str]) -> Iterator[str]:
    """For whoever installs these."""
    for extra in extras:
        terms = [f"{name} ({_terms(name)})" for name in installs(extra) if restricted(name)]
        if terms:
            yield f"extra {extra} brings what is GPL or not for commercial use: {'; '.join(terms)}"


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in warnings(sys.argv[1:])) if sys.argv[1:] else document())
