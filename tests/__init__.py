"""Tests mirror the source: `tests/unit/<room>/`; what needs real servers is in the folders beside `unit`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout."""
DATA = ROOT / "tests" / "data"
