"""The installation's opt-out list."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from campaign.service.views.base import View
from storage.tables import SuppressionChange

PersonId = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class PersonsIn(View):
    """Persons by the operator's own ids."""

    ids: list[PersonId] = Field(min_length=1, max_length=10_000)
    source: str = Field(default="", max_length=200, description="What was said, for the log.")


class OptOutsIn(PersonsIn):
    """Persons whom nobody is to speak to."""

    hashed: bool = Field(default=False, description="Keep a keyed hash in place of each id.")


class OptOutsAdded(View):
    """What became of them."""

    lines: int
    added: int
    stopped: dict[str, int] = Field(description="Rows that will not be delivered, by campaign.")
    delivered: int = Field(description="Files that were delivered to them before: they stay.")


class OptOutsRemoved(View):
    """Who was taken off the list."""

    lines: int
    removed: int


class OptOut(View):
    """One person on the list."""

    person: str
    id: str | None
    source: str
    actor: str
    t_ms: int


class OptOuts(View):
    """A page of the list."""

    total: int
    opt_outs: list[OptOut]
    after: str | None = Field(description="Where the next page begins; null on the last.")


class OptOutChange(View):
    """One line of the log."""

    number: int
    change: SuppressionChange
    opt_out: OptOut
