"""`[listen]` of a brief: which files are listened to before they are delivered, and what an unclear one means."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator

from workers.mends import shown
from workers.strict import StrictTable

OFF, ALL, AUTO = "off", "all", ""
_SAMPLE = re.compile(r"(?:sample\s+)?(\d{1,3}(?:\.\d+)?)\s*%")


class ListenTable(StrictTable):
    """Who hears the files before they go out: docs/listening.md."""

    files: str = Field(default=AUTO, examples=['"all"', '"off"', '"sample 5 %"'])
    """Which files are listened to: `all`, `off`, or `sample 5 %` of the rows. Without it all are where a recogniser is
    at hand (`campaign voice get whisper-base`) that hears the languages and takes less time than the voice."""
    quality: Literal["", "off", "all"] = Field(default="", examples=['"all"', '"off"'])
    """Whether each file that is listened to is also rated, as people would, 1 to 5: `all` or `off`. Without it all are
    where the predictor is at hand (`campaign voice get distillmos`) and takes less time than the recogniser."""
    unclear: Literal["hold", "deliver"] = "hold"
    """What becomes of a file that could not be judged: it waits in `campaign review` for a person, or is delivered."""

    takes: int = Field(default=2, ge=0, le=5)
    """How often a sentence that was not heard is said anew before its file is held: other seeds, the same voice."""

    @field_validator("files")
    @classmethod
    def _of_some_share(cls, files: str) -> str:
        share_of(files)
        return files

    @property
    def share(self) -> float | None:
        """Of the rows, 0 to 1; None where the brief leaves it open."""
        return share_of(self.files)


def share_of(files: str) -> float | None:
    """The share of rows that `files` names; raises ValueError."""
    written = files.strip().casefold()
    if written in (AUTO, OFF, ALL):
        return {AUTO: None, OFF: 0.0, ALL: 1.0}[written]
    match = _SAMPLE.fullmatch(written)
    if match is None or not 0 < float(match[1]) <= 100:
        raise ValueError(f'it is {shown(files)}; write "all", "off" or a share such as "sample 5 %"')
    return float(match[1]) / 100
