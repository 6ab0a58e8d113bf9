"""Uploads on their way to campaigns: what was acknowledged is read, by this process or by the next."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, select, update

from storage.clock import now_ms
from storage.errors import StateError
from storage.names import CampaignId
from storage.records import JsonObject
from storage.tables import INTAKE_MOVES, IntakeState, intakes


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundProblem:
    """A row that cannot be spoken."""

    row: int
    field: str | None
    code: str
    reason: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFault:
    """What is the matter with all rows that have one code in one column."""

    code: str
    column: str | None
    rows: int
    first_row: int
    reason: str
    """Of the first of them, and so the mend."""
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found while the recipients were read."""

    rows: int
    by_outcome: Mapping[str, int]
    by_language: Mapping[str, int]
    by_type: Mapping[str, int]
    by_warning: Mapping[str, int]
    problems: Sequence[FoundProblem]
    """The first ones."""
    duplicates: Sequence[Mapping[str, int]]
    """`row` and the `first` with its id."""
    opt_outs: Sequence[JsonObject] = field(default_factory=list)
    """What each opt-out list held and met."""
    found: str = ""
    """What the file turned out to be, and what of it was left out."""
    by_voice: Mapping[str, int] = field(default_factory=dict)
    """Rows by what they say of their preset; empty where none may."""
    notes: Sequence[str] = ()
    """What was passed over, a sentence each."""
    faults: Sequence[FoundFault] = ()
    """Each once, with how many rows have it."""

    def without(self, rows: Container[int]) -> Found:
        """The same, with nothing said of these rows."""
        return replace(
            self,
            problems=[problem for problem in self.problems if problem.row not in rows],
            faults=[fault for fault in self.faults if fault.first_row not in rows],
            duplicates=[pair for pair in self.duplicates if pair["row"] not in rows],
        )


_FOUND = TypeAdapter(Found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One upload."""

    campaign_id: CampaignId
    state: IntakeState
    brief: JsonObject
    """As the client gave it."""
    starts: bool
    """At once, when it is read."""
    actor: str
    file_name: str | None
    """The file's own, for messages."""
    encoding: str | None
    """How it is read, where the file does not say so itself."""
    delimiter: str | None
    sheet: str | None
    suppression_sha256: str | None
    """Of the opt-out list as it came; None where there is none."""
    upload_sha256: str | None
    upload_bytes: int | None
    share: float | None
    rows_read: int | None
    preflight: Found | None
    problem: str | None
    t_created_ms: int


def find(connection: Connection, campaign_id: CampaignId, *, lock: bool = False) -> Intake | None:
    """The intake of a campaign id; `lock` holds it to the end of the transaction."""
    query = select(*(intakes.c[item.name] for item in fields(Intake))).where(
        intakes.c.campaign_id == campaign_id
    )
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return None if row is None else _record(row)


def _record(row: RowMapping) -> Intake:
    found = None if row["preflight"] is None else _FOUND.validate_python(row["preflight"])
    return Intake(**{**row, "state": IntakeState(row["state"]), "preflight": found})


def forget_rows(connection: Connection, campaign_id: CampaignId, rows: Container[int]) -> None:
    """Say nothing any more of these rows of the upload: what was said may quote their fields."""
    intake = find(connection, campaign_id)
    if intake is not None and intake.preflight is not None:
        _set(
            connection,
            intakes.c.campaign_id == campaign_id,
            {"preflight": asdict(intake.preflight.without(rows))},
        )


def expect(
    connection: Connection, campaign_id: CampaignId, *, brief: JsonObject, starts: bool, actor: str
) -> None:
    """Expect an upload."""
    connection.execute(
        insert(intakes).values(
            campaign_id=campaign_id,
            state=IntakeState.EXPECTED,
            brief=dict(brief),
            starts=starts,
            actor=actor,
            t_created_ms=now_ms(),
            t_changed_ms=now_ms(),
        )
    )


def expect_again(connection: Connection, campaign_id: CampaignId, *, brief: JsonObject, starts: bool) -> None:
    """Expect another upload in place of one that was refused, or never came."""
    _become(
        connection,
        campaign_id,
        IntakeState.EXPECTED,
        {"brief": dict(brief), "starts": starts, "problem": None},
    )


def note_suppression(connection: Connection, campaign_id: CampaignId, *, sha256: str) -> None:
    """An opt-out list is on disk and will be read with the recipients; it may come before they are."""
    before = (IntakeState.EXPECTED, IntakeState.REFUSED)
    may = (intakes.c.campaign_id == campaign_id) & intakes.c.state.in_(before)
    if not _set(connection, may, {"suppression_sha256": sha256}):
        raise StateError(f"the opt-out list of {campaign_id} comes too late: its recipients are here.")


def acknowledge(
    connection: Connection,
    campaign_id: CampaignId,
    *,
    encoding: str,
    sha256: str,
    size_bytes: int,
    file_name: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> None:
    """The upload is on disk and survives a restart."""
    read_as = {"file_name": file_name, "encoding": encoding, "delimiter": delimiter, "sheet": sheet}
    kept: dict[str, object] = {**read_as, "upload_sha256": sha256, "upload_bytes": size_bytes}
    fresh: dict[str, object] = {"share": 0.0, "rows_read": 0, "preflight": None, "problem": None}
    _become(connection, campaign_id, IntakeState.UPLOADED, kept | fresh)


def begin_reading(connection: Connection, campaign_id: CampaignId) -> None:
    """Its rows are being read, by whoever says so now."""
    _become(connection, campaign_id, IntakeState.READING, {})


def note_progress(connection: Connection, campaign_id: CampaignId, *, rows: int, share: float | None) -> None:
    """So many rows are in."""
    _set(connection, intakes.c.campaign_id == campaign_id, {"rows_read": rows, "share": share})


def end_reading(
    connection: Connection, campaign_id: CampaignId, *, preflight: Found, problem: str | None = None
) -> None:
    """Every row is in its campaign; `problem` says why it was not started, where it was to be."""
    values = {"share": 1.0, "preflight": asdict(preflight), "problem": problem}
    _become(connection, campaign_id, IntakeState.READ, values)


def refuse(
    connection: Connection, campaign_id: CampaignId, *, problem: str, preflight: Found | None = None
) -> None:
    """There will be no campaign of this upload."""
    found = {} if preflight is None else {"preflight": asdict(preflight)}
    _become(connection, campaign_id, IntakeState.REFUSED, {"problem": problem, **found})


def _become(
    connection: Connection, campaign_id: CampaignId, to: IntakeState, values: Mapping[str, object]
) -> None:
    """Raises `StateError`, and sets nothing, when `to` cannot follow."""
    before = [to, *(was for was, after in INTAKE_MOVES.items() if to in after)]
    may = (intakes.c.campaign_id == campaign_id) & intakes.c.state.in_(before)
    if not _set(connection, may, {"state": to, **values}):
        raise StateError(f"the upload of {campaign_id} cannot become {to}: it is in another state by now.")


def _set(connection: Connection, which: ColumnElement[bool], values: Mapping[str, object]) -> bool:
    done = connection.execute(update(intakes).where(which).values(t_changed_ms=now_ms(), **values))
    return bool(done.rowcount)


def forget(connection: Connection, campaign_id: CampaignId) -> None:
    """Forget an upload: its brief, what was found in it, and why it was refused."""
    connection.execute(delete(intakes).where(intakes.c.campaign_id == campaign_id))


def forget_abandoned(connection: Connection, campaign_id: CampaignId, *, before_ms: int) -> bool:
    """Forget an upload if it still is one of which nothing became; whether it was."""
    done = connection.execute(
        delete(intakes).where(
            intakes.c.campaign_id == campaign_id,
            intakes.c.state.in_((IntakeState.EXPECTED, IntakeState.REFUSED)),
            intakes.c.t_changed_ms < before_ms,
        )
    )
    return bool(done.rowcount)


def abandoned(connection: Connection, *, before_ms: int) -> list[CampaignId]:
    """Campaign ids of uploads of which nothing became, and that nobody touched since a time."""
    query = (
        select(intakes.c.campaign_id)
        .where(
            intakes.c.state.in_((IntakeState.EXPECTED, IntakeState.REFUSED)),
            intakes.c.t_changed_ms < before_ms,
        )
        .order_by(intakes.c.campaign_id)
    )
    return list(connection.scalars(query))


def unread(connection: Connection) -> list[CampaignId]:
    """Campaign ids of acknowledged uploads that are still to be read, oldest first."""
    query = (
        select(intakes.c.campaign_id)
        .where(intakes.c.state.in_((IntakeState.UPLOADED, IntakeState.READING)))
        .order_by(intakes.c.t_created_ms)
    )
    return list(connection.scalars(query))
