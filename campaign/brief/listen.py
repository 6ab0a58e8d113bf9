"""`[listen]` of a brief: which files are listened to, over which line, and what an unclear one means."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from workers.mends import shown
from workers.strict import StrictTable

OFF, ALL, AUTO = "off", "all", ""
_SAMPLE = re.compile(r"(?:sample\s+)?(\d{1,3}(?:\.\d+)?)\s*%")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
MOST_LOST = 20.0
"""Per cent of packets: nobody holds a conversation over such a line."""


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
    line: Literal["telephone"] | None = Field(default=None, examples=['"telephone"'])
    """Over which line files are heard: `telephone` is 300 to 3,400 Hz, mu-law, lost packets and noise around the
    listener. Without it they are heard as they are. docs/listening.md, Over the telephone."""
    snr_db: float = Field(default=10.0, ge=-5, le=40)
    """How far speech lies above the noise, where there is a line."""
    packet_loss: str = Field(default="1 %", examples=['"1 %"', '"0 %"'])
    """Share of the line's 20 ms packets that do not arrive, in bursts of two on average; at most 20 %."""

    @field_validator("packet_loss")
    @classmethod
    def _of_packets(cls, packet_loss: str) -> str:
        lost_share_of(packet_loss)
        return packet_loss

    @model_validator(mode="after")
    def _of_a_line(self) -> Self:
        if self.line is None and (odd := {"snr_db", "packet_loss"} & self.model_fields_set):
            raise ValueError(f'{" and ".join(sorted(odd))} without a line; write line = "telephone" too')
        if self.line is not None and self.share == 0.0:
            raise ValueError('files = "off" and a line contradict each other; leave one of them out')
        return self

    @field_validator("files")
    @classmethod
    def _of_some_share(cls, files: str) -> str:
        share_of(files)
        return files

    @property
    def share(self) -> float | None:
        """Of the rows, 0 to 1; None where the brief leaves it open: who asks for a line asks for listening."""
        share = share_of(self.files)
        return 1.0 if share is None and self.line is not None else share

    @property
    def lost_share(self) -> float:
        """Of the packets, 0 to 1."""
        return lost_share_of(self.packet_loss)


def lost_share_of(packet_loss: str) -> float:
    """The share of packets that `packet_loss` names; raises ValueError."""
    match = _SHARE.fullmatch(packet_loss.strip())
    if match is None or float(match[1]) > MOST_LOST:
        raise ValueError(
            f'it is {shown(packet_loss)}; write a share from "0 %" to "{MOST_LOST:g} %", such as "1 %"'
        )
    return float(match[1]) / 100


def share_of(files: str) -> float | None:
    """The share of rows that `files` names; raises ValueError."""
    written = files.strip().casefold()
    if written in (AUTO, OFF, ALL):
        return {AUTO: None, OFF: 0.0, ALL: 1.0}[written]
    match = _SAMPLE.fullmatch(written)
    if match is None or not 0 < float(match[1]) <= 100:
        raise ValueError(f'it is {shown(files)}; write "all", "off" or a share such as "sample 5 %"')
    return float(match[1]) / 100
