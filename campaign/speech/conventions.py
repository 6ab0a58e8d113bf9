"""What a campaign knows of its columns beyond what the brief declares: found once, kept in its lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from campaign.speech.typed import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """How the columns of one campaign are read, whatever a row's locale."""

    numbers: Mapping[str, str] = field(default_factory=dict)
    """Column to how it writes numbers, a sample as `campaign.speech.number_format` has them."""
    reference_date: str = ""
    """The day that two-digit years are counted from, ISO 8601; empty where none is known."""

    def options_of(self, column: str) -> Options:
        """What is known of a column, as options of its values."""
        number = self.numbers.get(column)
        return (("number", number),) if number else ()


NO_CONVENTIONS = Conventions()
