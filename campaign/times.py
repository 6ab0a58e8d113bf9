"""Moments as people write them: ISO 8601, with an offset or in a time zone that is named."""

from __future__ import annotations

import difflib
import re
from datetime import UTC, datetime, time, timedelta, timezone
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from workers.mends import shown

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?", re.ASCII
)
"""A day has no offset: Python reads that of `2026-12-03-05:00` as a time of day."""
FIRST_YEAR = 1970
"""A time before it is a slip, and some of them are outside of what clocks can be asked."""
LAST_OF_A_DAY = time(23, 59, 59)
LONGEST_ZONE = 64
"""A longer name is not compared with those that there are."""


def checked_zone(name: str) -> str:
    """`name`, which is a time zone of IANA; raises ValueError with the one that is probably meant."""
    if name in _zones():
        return name
    meant = _meant(name.strip().replace(" ", "_").casefold()) if len(name) <= LONGEST_ZONE else None
    raise ValueError(f"{shown(name)} is no time zone of IANA; write {meant or 'one such as Europe/Berlin'}")


@lru_cache(maxsize=256)
def _meant(wanted: str) -> str | None:
    folded = {zone.casefold(): zone for zone in _zones()}
    if wanted in folded:
        return folded[wanted]
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(_zones()) if "/" in zone}
    near = difflib.get_close_matches(wanted, [*folded, *cities], n=1, cutoff=0.75)
    return folded.get(near[0]) or cities.get(near[0]) if near else None


def moment(written: str, zone: str = "", *, is_end: bool = False) -> datetime:
    """What `written` names, with its offset; a local time is in `zone`. Of a day its beginning, or its end (`is_end`).

    Raises ValueError, with the mend: what is no ISO 8601, a local time without a zone, one that the zone has twice or
    not at all.
    """
    text = written.strip()
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"{shown(written)} is no time of ISO 8601; write it as 2026-12-03T18:00+01:00")
    try:
        found = datetime.fromisoformat(re.sub(r" (?=Z|[+-])", "", text))
    except ValueError as exc:
        raise ValueError(
            f"{shown(written)} is no time that there is ({exc}); write one as 2026-12-03T18:00+01:00"
        ) from exc
    if found.year < FIRST_YEAR:
        raise ValueError(f"{shown(written)} is before {FIRST_YEAR}; write the year that is meant")
    if is_end and _DATE.fullmatch(text):
        found = datetime.combine(found.date(), LAST_OF_A_DAY)
    if found.tzinfo is not None:
        return found
    if not zone:
        utc, east = found.replace(tzinfo=UTC), found.replace(tzinfo=ZoneInfo("Asia/Tokyo"))
        raise ValueError(
            f"{shown(written)} is {utc.isoformat()} in Reykjavik and {east.isoformat()} in Tokyo; write its offset, "
            "or say the time zone: timezone, for example Europe/Berlin"
        )
    return _in_zone(found, zone, written)


def _in_zone(local: datetime, zone: str, written: str) -> datetime:
    first = local.replace(tzinfo=ZoneInfo(zone))
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return _fixed(first)
    there = first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
    readings = " and ".join(_fixed(one).isoformat() for one in (first, second))
    if there:
        raise ValueError(f"{shown(written)} comes twice in {zone}, {readings}; write the one that is meant")
    raise ValueError(f"the clocks of {zone} leave {shown(written)} out; write another time, or an offset")


def _fixed(one: datetime) -> datetime:
    """The same moment with its offset, whatever becomes of the zone's rules."""
    return one.replace(tzinfo=timezone(one.utcoffset() or timedelta()), fold=0)


def milliseconds(one: datetime) -> int:
    """Since 1970 in UTC, as the database counts."""
    return round(one.timestamp() * 1000)


def of_milliseconds(time_ms: int) -> str:
    """A moment of the database in this machine's zone, for people and for programs."""
    return datetime.fromtimestamp(time_ms / 1000, tz=UTC).astimezone().isoformat(timespec="seconds")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime"})  # no zone, and this machine's own
