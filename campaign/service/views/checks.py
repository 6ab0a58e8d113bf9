"""What was seen of a file."""

from __future__ import annotations

from pydantic import Field

from campaign.service.views.base import View


class CheckedColumn(View):
    """One column of a file."""

    name: str
    types: list[str] = Field(
        description="That all its values can be read as; several where they have two readings."
    )
    declared: str = Field(description="Its type in a brief; empty without one.")
    called: str = Field(description="What templates and brief call it; empty where nothing needs it.")
    variable: str = Field(description="What a template may call it; empty where nothing can.")
    is_found: bool = Field(description="Whether it is found by that; else the brief says `from`.")
    filled: int
    empty: int
    example: str
    role: str = Field(description="`id`, `locale`, or nothing.")


class Check(View):
    """What was seen of a file."""

    file: str
    found: str = Field(description="What it turned out to be, and what of it was left out.")
    rows: int
    columns: list[CheckedColumn]
    languages: dict[str, int] = Field(description="Rows by what their locale column says.")
    faults: list[str] = Field(description="What stops a submit before its first row.")
    notes: list[str]
    risks: list[str]
    sheets: list[str] = Field(description="Of a spreadsheet: the one that is read, then the others.")
    encoding_guess: str = Field(description="Where it is not UTF-8: what it may be.")
    words: list[str] = Field(description="Of the file, as the guess reads them.")
    sample: list[dict[str, str]] = Field(
        description="Its first rows, by what a template may call their fields."
    )
