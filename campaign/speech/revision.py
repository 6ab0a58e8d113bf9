"""The revision of the text front end: raised by hand when the spoken text of the same row changes."""

from __future__ import annotations

SPEECH_REVISION = 4
