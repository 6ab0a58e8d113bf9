"""How a file that is sent is to be read, where it does not say so itself: `--encoding` and the like of commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from campaign.recipients.dialect import checked_separator
from campaign.recipients.encodings import AUTOMATIC, checked_encoding
from storage.service.intakes import Intake
from workers.printable import printable


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadReading:
    """What the query says of a file."""

    file_name: str | None
    """Its own, for messages."""
    encoding: str
    delimiter: str | None
    sheet: str | None

    def is_as(self, intake: Intake) -> bool:
        """Whether an upload is read so; its name decides nothing."""
        return (self.encoding, self.delimiter, self.sheet) == (
            intake.encoding,
            intake.delimiter,
            intake.sheet,
        )


def _read_as(
    name: Annotated[str, Query(max_length=200, description="The file's own name, for messages.")] = "",
    encoding: Annotated[
        str, Query(max_length=40, description="By default UTF-8, or what its mark says.")
    ] = "",
    delimiter: Annotated[
        str, Query(max_length=20, description="What parts the cells; found by default.")
    ] = "",
    sheet: Annotated[str, Query(max_length=200, description="Of a spreadsheet; by default the first.")] = "",
) -> UploadReading:
    return UploadReading(
        file_name=printable(name) or None,
        encoding=checked_encoding(encoding) if encoding else AUTOMATIC,
        delimiter=checked_separator(delimiter) if delimiter else None,
        sheet=sheet or None,
    )


AskedReading = Annotated[UploadReading, Depends(_read_as)]
