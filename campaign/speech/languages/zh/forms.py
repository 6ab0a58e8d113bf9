"""What is written short in Chinese, and read in full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.record import Forms
from campaign.speech.languages.zh.units import DOTTED_UNITS

NUMERIC: Final[Mapping[str, str]] = {
    "No.": "第", "no.": "第", "NO.": "第",
}  # fmt: skip

FORMS: Final = Forms(numeric=NUMERIC, dotted_units=DOTTED_UNITS)
