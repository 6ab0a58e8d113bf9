"""Places below a folder: what a name makes of it stays strictly inside, and so does whatever is removed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from storage.errors import NameRefusedError


def below(folder: Path, *names: str) -> Path:
    """The place of a thing strictly below `folder`; links are followed. Raises `NameRefusedError` for any other."""
    root = folder.resolve()
    place = root.joinpath(*names).resolve()
    if place == root or not place.is_relative_to(root):
        raise NameRefusedError(
            f"{str(Path(*names))!a} does not lie below {folder}: nothing there is touched. Look what it is."
        )
    return place


def remove_below(folder: Path, *names: str) -> bool:
    """Remove a folder or file with all that is in it, if it lies strictly below `folder`; whether there was any.

    A link is removed and not followed. Raises `NameRefusedError`, and `OSError` when something stays.
    """
    parent = below(folder, *names[:-1]) if len(names) > 1 else folder.resolve()
    place = parent / names[-1]
    if place.is_symlink():
        place.unlink()
        return True
    below(folder, *names)
    remove: Callable[[Path], object] = shutil.rmtree if place.is_dir() else Path.unlink
    try:
        remove(place)
    except FileNotFoundError:
        return False
    return True
