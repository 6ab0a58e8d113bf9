"""The C compiler is sought as triton seeks it."""

from __future__ import annotations

import inspect
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest

from workers.engines.f5.compiler import builds_kernels, find_compiler


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH, and Python's headers in another."""
    folder, headers = tmp_path / "bin", tmp_path / "include"
    folder.mkdir()
    headers.mkdir()
    (headers / "Python.h").touch()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(sysconfig, "get_paths", lambda **_options: {"include": str(headers)})
    return folder


def install(folder: Path, name: str) -> str:
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return str(program)


def test_gcc_is_taken_before_clang(path: Path) -> None:
    clang = install(path, "clang")
    assert find_compiler().path == clang
    gcc = install(path, "gcc")
    assert find_compiler().path == gcc
    assert find_compiler().lacks == ""


def test_cc_names_another(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(path, "gcc")
    monkeypatch.setenv("CC", install(path, "tcc"))
    assert find_compiler().path == str(path / "tcc")


def test_no_compiler_is_told_with_its_mend(path: Path) -> None:
    found = find_compiler()
    assert (found.path, found.lacks) == (None, "no C compiler")
    assert "gcc and libc6-dev" in found.mend


def test_a_cc_that_is_no_program_is_told_though_gcc_is_there(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(path, "gcc")
    monkeypatch.setenv("CC", "gcc-99")
    assert "'gcc-99'" in find_compiler().lacks


def test_a_compiler_without_pythons_headers_builds_nothing(path: Path, tmp_path: Path) -> None:
    install(path, "gcc")
    (tmp_path / "include" / "Python.h").unlink()
    assert "Python.h" in find_compiler().lacks and "python3-dev" in find_compiler().mend


def test_the_rule_is_tritons() -> None:
    """Read in its source: a test that builds would need a GPU."""
    from triton.runtime import build

    source = inspect.getsource(build._build)
    for line in ('os.environ.get("CC")', "gcc if gcc is not None else clang", "posix_prefix", '["include"]'):
        assert line in source


def test_torchs_build_for_cuda_is_known_by_triton(monkeypatch: pytest.MonkeyPatch) -> None:
    assert builds_kernels()

    def missing(_name: str) -> str:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "version", missing)
    assert not builds_kernels()
