"""Every dependency is used or says why it is there, and can be answered for (docs/licences.md)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from campaign.operations.doctor import _licences
from campaign.operations.restrictions import RESTRICTIONS
from tests import ROOT
from tools import licences

PRODUCT = ("campaign", "workers", "storage", "alembic")
EXTRAS = [extra for extra in licences.direct() if extra != licences.CORE]
NOTES = licences.notes()
GPL_LIBRARIES = re.compile(
    r"lib(x26[45]|espeak|readline|fftw3|gsl|rubberband|sox-|cdio|mad-|faad|xvid|postproc)"
)


def imports_of(path: Path) -> Iterator[str]:
    """Top-level names that a module imports while it runs, wherever in it; not those for types alone."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            waiting += node.orelse
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            named = [part.value for part in node.args if isinstance(part, ast.Constant)]
            yield from (str(name).partition(".")[0] for name in named)


@cache
def imported() -> dict[str, set[str]]:
    """Distribution to the files of the product that import it."""
    providers = metadata.packages_distributions()
    files: dict[str, set[str]] = defaultdict(set)
    for package in PRODUCT:
        for path in (ROOT / package).rglob("*.py"):
            for name in set(imports_of(path)) - sys.stdlib_module_names - {*PRODUCT} | (
                {"alembic"} & set(imports_of(path)) if package != "alembic" else set()
            ):
                for distribution in providers.get(name, [name]):
                    files[canonicalize_name(distribution)].add(str(path.relative_to(ROOT)))
    return files


def direct_names(extra: str) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in licences.direct()[extra]}


def test_every_core_dependency_is_imported_or_says_why_not() -> None:
    core = direct_names(licences.CORE)
    unimported = core - imported().keys()
    assert unimported == NOTES["unimported"].keys()
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for name in unimported:
        (line,) = [line for line in lines if re.match(rf' +"{name}[^a-z-]', line)]
        assert re.search(r'",? +# \w', line), f"{name} needs its reason beside it in pyproject.toml"


def test_the_product_imports_nothing_that_neither_core_nor_an_extra_brings() -> None:
    brought = {
        name for extra in (licences.CORE, *EXTRAS) if extra != "dev" for name in licences.installs(extra)
    }
    assert {name: files for name, files in imported().items() if name not in brought} == {}


def test_every_direct_dependency_says_why_it_is_there_and_no_other_does() -> None:
    asked = {name for extra in licences.direct() for name in direct_names(extra)}
    assert asked == NOTES["why"].keys()
    assert all(len(reason) > 4 for reason in NOTES["why"].values())
    for table in ("licence", "holds", "apart", "unimported"):
        assert NOTES[table].keys() - licences.pinned().keys() == set(), table


@pytest.mark.parametrize("extra", licences.direct())
def test_every_licence_is_known(extra: str) -> None:
    for name in licences.installs(extra):
        assert licences.licence(name)


def test_the_table_is_the_same_on_every_machine() -> None:
    """What some Python or processor lacks, or has in another version, has its licence written down."""
    for name, distribution in licences.pinned().items():
        if not distribution.is_everywhere or len(distribution.versions) > 1:
            assert name in NOTES["licence"], name


def test_a_licence_that_is_written_down_is_the_one_that_the_package_tells() -> None:
    held = 0
    for name, written in NOTES["licence"].items():
        try:
            told = licences.told_licence(name)
        except LookupError:
            continue
        if told != "BSD":
            assert written == told, name
            held += 1
    assert held > 8


def test_the_document_is_current() -> None:
    command = (sys.executable, "-m", "tools.licences")
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert (ROOT / "docs" / "licences.md").read_text(encoding="utf-8") == said, "run `make docs`"


def in_process() -> Iterator[str]:
    return (name for name in licences.installs(licences.CORE) if name not in NOTES["apart"])


def test_nothing_under_the_gpl_is_in_the_process_of_the_core_install() -> None:
    for name in in_process():
        assert not licences.restricted(name), name
    assert all(licences.restricted(name) for name in NOTES["apart"])  # or there is no reason to keep it apart


def test_no_wheel_in_the_process_holds_a_library_that_is_known_to_be_gpl() -> None:
    looked_at = 0
    for name in in_process():
        try:
            files = metadata.files(name) or []
        except metadata.PackageNotFoundError:
            continue
        libraries = [file.name for file in files if ".so" in file.name]
        looked_at += len(libraries)
        assert [file for file in libraries if GPL_LIBRARIES.match(file)] == [], name
    assert looked_at > 30
    held_apart = {file.name for name in NOTES["apart"] for file in metadata.files(name) or []}
    assert any(GPL_LIBRARIES.match(file) for file in held_apart)


def test_what_is_kept_apart_is_imported_by_its_own_process_only() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = [one for one in settings["contracts"] if "av" in one.get("forbidden_modules", ())]
    assert {canonicalize_name(name) for name in contract["forbidden_modules"]} == {*NOTES["apart"], "mutagen"}
    assert contract["source_modules"] == ["campaign", "workers", "storage"]
    assert imported()["av"] == {"workers/ffmpeg/child.py"}


@pytest.mark.parametrize(
    ("expression", "is_gpl"),
    [
        ("GPL-2.0-or-later", True),
        ("AGPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", True),
        ("LGPL-3.0-only", False),
        ("libgfortran (GPL-3.0-or-later WITH GCC-exception-3.1)", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1 AND GPL-2.0-only", True),
        ("MIT", False),
    ],
)
def test_gpl_is_told_from_lgpl(expression: str, is_gpl: bool) -> None:
    assert licences.is_gpl(expression) == is_gpl


def test_doctor_knows_what_each_extra_brings_that_is_restricted() -> None:
    told = {restriction.extra: {name for name, _terms in restriction.brings} for restriction in RESTRICTIONS}
    brought = {
        extra: {name for name in licences.installs(extra) if licences.restricted(name)}
        for extra in EXTRAS
        if extra != "dev"
    }
    assert told == {extra: names for extra, names in brought.items() if names}
    for restriction in RESTRICTIONS:
        for name, terms in restriction.brings:
            assert terms.startswith(licences.licence(name))


def test_doctor_says_it_of_the_extras_that_are_installed() -> None:
    (finding,) = _licences()
    assert finding.found == "extra f5: brings unidecode (GPL-2.0-or-later) and encodec (CC-BY-NC-4.0)"
    assert finding.level == "note"
    assert finding.mend
