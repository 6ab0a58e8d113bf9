"""Where a command writes what it makes: looked at before any work is done, so that nothing is made for nowhere."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click


class OutputFile(click.Path):
    """A file to write: its folder is there and takes files, and it is no folder itself."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)
        self.name = "file"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path; a usage error where it cannot be written."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))  # type: ignore[arg-type]
        if path.is_dir():
            self.fail(f"{path} is a folder: name a file in it.", param, ctx)
        if path.exists() and not path.is_file():
            return path  # a pipe or a terminal: it says itself what it takes
        if problem := _refusal(path.resolve().parent):
            self.fail(f"{path} cannot be written: {problem}", param, ctx)
        return path


class OutputFolder(click.Path):
    """A folder to fill, made if it is not there: what is above it takes it."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)
        self.name = "directory"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path; a usage error where it cannot be filled."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))  # type: ignore[arg-type]
        if path.exists() and not path.is_dir():
            self.fail(f"{path} is no folder: name one, it is made if it is not there.", param, ctx)
        absolute = path.absolute()
        nearest = next(folder for folder in (absolute, *absolute.parents) if folder.exists())
        if problem := _refusal(nearest):
            self.fail(f"{path} cannot be filled: {problem}", param, ctx)
        return path


def _refusal(folder: Path) -> str | None:
    """Why a folder takes no file, found by giving it one for a moment; None where it does."""
    if not folder.exists():
        return f"there is no folder {folder}. Make it, or name another place."
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as exc:
        return f"{folder}: {exc.strerror}. Name another place."
