"""When a row may be sent: `not_before`, `not_after` and `timezone` of the recipients file, for whoever sends the files.

Nothing here holds a file back. A window that cannot be meant is an error of its row; one that is past, or lies inside
quiet hours (`campaign/quiet_hours.toml`), is a warning.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, datetime, time, timedelta, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from campaign.brief import Brief
from campaign.errors import FieldError
from campaign.speech.fields.nothing import is_nothing
from campaign.submission.compose import RawRow, Window
from campaign.submission.header_stage import HANDED_OVER
from campaign.times import checked_zone, moment
from storage.clock import read_now_ms
from storage.session import Database

QUIET = "quiet-hours"
PAST = "window-past"
"""The words that the warnings begin with: they are counted by them."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = timedelta(days=8)
"""The longest window that can miss a day of the week in part; a longer one meets all hours."""
DATA = Path(__file__).parents[1] / "quiet_hours.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When people of a territory may be called, by day of the week, in their own time."""

    source: str
    by_day: tuple[tuple[tuple[time, time], ...], ...]
    """Monday first."""

    def meet(self, start: datetime, end: datetime) -> bool:
        """Whether some of them lie within a window that is given in their time."""
        day = start.date()
        for _ in range((end.date() - day).days + 1):
            for first, last in self.by_day[day.weekday()]:
                opens, closes = (datetime.combine(day, at, start.tzinfo) for at in (first, last))
                if opens < end and start < closes:
                    return True
            day += timedelta(days=1)
        return False


def time_of(database: Database) -> datetime:
    """The database's time now."""
    with database.read() as connection:
        return datetime.fromtimestamp(read_now_ms(connection) / 1000, tz=UTC)


def with_windows(rows: Iterable[RawRow], brief: Brief, now: datetime) -> Iterator[RawRow]:
    """The rows with their windows; what is wrong with one is its row's problem, what is odd about it is noticed."""
    for row in rows:
        yield _with_window(row, brief, now)


def _with_window(row: RawRow, brief: Brief, now: datetime) -> RawRow:
    if row.fields.keys().isdisjoint(HANDED_OVER):
        return row
    said = {name: _said(row.fields, name) for name in HANDED_OVER}
    if row.problem is not None or row.suppressed is not None or not any(said.values()):
        return row
    try:
        window, start, end = _window(said, brief)
    except FieldError as exc:
        return replace(row, problem=exc)
    return replace(row, window=window, noticed=(*row.noticed, *_odd(window, start, end, brief, now)))


def _said(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "").strip()
    return "" if is_nothing(value) else value


def _window(said: Mapping[str, str], brief: Brief) -> tuple[Window, datetime | None, datetime | None]:
    zone = said["timezone"]
    if zone:
        try:
            checked_zone(zone)
        except ValueError as exc:
            raise _field_error("not-a-timezone", exc, "timezone") from exc
    moments = {}
    for name in ("not_before", "not_after"):
        try:
            in_zone = zone or brief.timezone
            moments[name] = moment(said[name], in_zone, is_end=name == "not_after") if said[name] else None
        except ValueError as exc:
            raise _field_error("not-a-moment", exc, name) from exc
    start, end = moments["not_before"], moments["not_after"]
    if start is not None and end is not None and start >= end:
        raise FieldError(
            "empty-window",
            f"not_before, {start.isoformat()}, is not before not_after, {end.isoformat()}",
            mend="correct one of them",
            column="not_before",
        )
    window = Window(
        not_before=None if start is None else start.isoformat(),
        not_after=None if end is None else end.isoformat(),
        timezone=zone or None,
    )
    return window, start, end


def _field_error(code: str, exc: ValueError, column: str) -> FieldError:
    reason, _, mend = str(exc).rpartition("; ")
    return FieldError(code, reason, mend=mend, column=column)


def _odd(
    window: Window, start: datetime | None, end: datetime | None, brief: Brief, now: datetime
) -> Iterator[str]:
    if end is not None and end < now:
        yield f"{PAST} it may not be sent after {end.isoformat()}, which is past"
    if start is None or end is None or end - start >= WEEK or start.year == MAXYEAR:
        return  # a whole week holds hours of every territory, and nothing comes after the last year
    name = window.timezone or brief.timezone
    zone: tzinfo | None = ZoneInfo(name) if name else start.tzinfo
    for territory in brief.territories:
        hours = quiet_hours().get(territory)
        if hours is not None and not hours.meet(start.astimezone(zone), end.astimezone(zone)):
            yield f"{QUIET} {start.isoformat()} to {end.isoformat()} lies in the quiet hours of {territory}"


@cache
def quiet_hours() -> Mapping[str, Hours]:
    """By territory."""
    tables = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return {territory: _hours(table["source"], table["days"]) for territory, table in tables.items()}


def _hours(source: str, days: Mapping[str, Sequence[str]]) -> Hours:
    by_day: list[tuple[tuple[time, time], ...]] = [()] * len(DAYS)
    for named, spans in days.items():
        first, _, last = named.partition("-")
        for day in range(DAYS.index(first), DAYS.index(last or first) + 1):
            by_day[day] = tuple(_span(span) for span in spans)
    return Hours(source=source, by_day=tuple(by_day))


def _span(written: str) -> tuple[time, time]:
    first, last = written.split("-")
    return time.fromisoformat(first), time.fromisoformat(last)
