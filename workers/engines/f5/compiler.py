"""Whether kernels can be built on this machine: triton compiles its launchers in C when it first runs.

The rule is triton's own (3.6, `triton/runtime/build.py`): `CC`, else gcc, else clang on the PATH; and Python's headers.
Nothing here knows torch: `campaign doctor` asks, too.
"""

from __future__ import annotations

import os
import shutil
import sysconfig
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

MEND = "install a C compiler (Debian: gcc and libc6-dev), or name one with CC"
HEADERS_MEND = "install Python's headers (Debian: python3-dev)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiler:
    """What was found."""

    path: str | None
    """Of the compiler, None without a usable one."""
    lacks: str = ""
    """What is not there; empty where kernels can be built."""
    mend: str = ""


def find_compiler() -> Compiler:
    """The C compiler that triton would take. Runs nothing."""
    named = os.environ.get("CC")
    path = shutil.which(named) if named is not None else shutil.which("gcc") or shutil.which("clang")
    if path is None:
        lacks = (
            "no C compiler" if named is None else f"no C compiler (CC names {named!r}, which is no program)"
        )
        return Compiler(path=None, lacks=lacks, mend=MEND)
    if not Path(sysconfig.get_paths(scheme=_scheme())["include"], "Python.h").is_file():
        return Compiler(path=path, lacks="no Python.h for the C compiler", mend=HEADERS_MEND)
    return Compiler(path=path)


def builds_kernels() -> bool:
    """Whether torch's build for CUDA is installed: it alone brings triton."""
    try:
        metadata.version("triton")
    except metadata.PackageNotFoundError:
        return False
    return True


def _scheme() -> str:
    """Debian's own scheme looks below /usr/local, where its headers are not."""
    scheme = sysconfig.get_default_scheme()
    return "posix_prefix" if scheme == "posix_local" else scheme
