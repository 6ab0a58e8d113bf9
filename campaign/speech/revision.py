"""The revision of the text front end: raised by hand when the spoken text of the same row changes."""

from __future__ import annotations

SPEECH_REVISION = 4
REFERENCE_DATE = "2026-11-29"
"""From which two figures of a year of birth are counted back in prose; a column's are counted from its campaign's day.
Moved when the revision is raised, so that the same text is read the same for ever."""
