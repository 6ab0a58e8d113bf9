"""Where shipped data lies: the top-level folders of a checkout, or `campaign/_data` inside a wheel."""

from __future__ import annotations

from pathlib import Path


def data_folder(name: str) -> Path:
    """The folder `lexicons`, `templates` or `alembic`; FileNotFoundError when the install is broken."""
    root = Path(__file__).resolve().parents[1]
    # the wheel's own copy first: beside an installed wheel lies alembic, the library
    for candidate in (root / "campaign" / "_data" / name, root / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the shipped folder {name!r} is missing below {root}: reinstall campaign")
