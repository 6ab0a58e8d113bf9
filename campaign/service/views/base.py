"""What all documents share."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from workers.languages import canonical, checked_tag

Tag = Annotated[str, AfterValidator(checked_tag), AfterValidator(canonical)]
"""A language as BCP 47 writes it."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class View(BaseModel):
    """A document; what is not in it is an error."""

    model_config = ConfigDict(extra="forbid")


class Health(View):
    """Whether this process answers, or can work."""

    ok: bool
    problems: list[str] = []
