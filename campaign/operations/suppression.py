"""The installation's opt-out list: who no campaign speaks to. Whoever is added is not called from the answer on.

Added persons are stopped in every campaign that has not delivered to them: rows that wait, and rows that a worker has
in hand. What was delivered stays delivered and is counted.
"""

from __future__ import annotations

import csv
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from pydantic import JsonValue

from campaign.errors import CampaignError, InputError
from campaign.operations.foreground import report_if_due
from campaign.recipients import clean_id, open_recipients
from campaign.recipients.rows import FIELD_LIMIT_CHARACTERS
from campaign.results.folder import neutral, written_whole
from campaign.submission.opt_outs import read_ids
from storage.errors import StorageError
from storage.history import audit
from storage.installation import Installation
from storage.names import CampaignId
from storage.persons import person_hash
from storage.queue import suppressions

log = logging.getLogger(__name__)

AT_ONCE = 1000
COLUMNS = ("id", "person", "source", "actor", "added_ms")


@dataclass(slots=True, kw_only=True)
class SuppressionAdded:
    """What became of persons who were put on the list."""

    lines: int = 0
    """Ids that were given."""
    added: int = 0
    """Persons who were not on the list before."""
    stopped: Counter[CampaignId] = field(default_factory=Counter)
    """Rows that will not be delivered, by campaign."""
    delivered: int = 0
    """Files that were delivered to them before: they stay."""

    @property
    def document(self) -> dict[str, JsonValue]:
        """For `--json`."""
        return {**asdict(self), "stopped": dict(self.stopped)}


def add_persons(
    installation: Installation, ids: Iterable[str], *, source: str, actor: str, hashed: bool = False
) -> SuppressionAdded:
    """Put persons on the list; `hashed` keeps a keyed hash in place of each id. Again is no error.

    Raises `InputError` for an id that is none. Each thousand is a transaction: what was added stays so.
    """
    done = SuppressionAdded()
    for part in _parts(map(_checked, ids)):
        persons = {person_hash(installation.secret, one): None if hashed else one for one in part}
        with installation.database.write() as connection:
            added = suppressions.add(connection, persons, source=source, actor=actor)
            audit.note(
                connection, "suppression.add", "suppressions", actor=actor, given=len(part), added=added
            )
        with installation.database.write() as connection:
            stopped = suppressions.stop_everywhere(connection, list(persons))
        done.lines += len(part)
        done.added += added
        done.stopped.update(stopped.rows)
        done.delivered += stopped.delivered
    for campaign_id in done.stopped:
        try:
            report_if_due(installation, campaign_id)
        except (
            StorageError,
            CampaignError,
        ) as exc:  # the people are on the list: whoever works writes it later
            log.warning("the report of %s waits: %s", campaign_id, exc)
    return done


def import_list(
    installation: Installation, path: Path, *, id_column: str, encoding: str, actor: str, hashed: bool = False
) -> SuppressionAdded:
    """Put everybody of a file on the list; raises `RecipientsError` before anybody is when it cannot be read."""
    with open_recipients(str(path), encoding=encoding) as source:
        for written in read_ids(source, id_column):
            _checked(written)
        ids = read_ids(source, id_column)
        done = add_persons(installation, ids, source=source.label, actor=actor, hashed=hashed)
    if not done.lines:
        raise InputError(f"{path} holds no id, so nobody was added. Give a list with one id a line.")
    return done


def remove_persons(
    installation: Installation, ids: Iterable[str], *, source: str, actor: str
) -> tuple[int, int]:
    """Take persons off the list; (ids given, persons removed). What was stopped meanwhile stays so."""
    given = removed = 0
    for part in _parts(map(_checked, ids)):
        persons = {person_hash(installation.secret, one) for one in part}
        with installation.database.write() as connection:
            gone = suppressions.remove(connection, persons, source=source, actor=actor)
            audit.note(
                connection, "suppression.remove", "suppressions", actor=actor, given=len(part), removed=gone
            )
        given += len(part)
        removed += gone
    return given, removed


def is_suppressed(installation: Installation, external_id: str) -> bool:
    """Whether nobody speaks to this person."""
    person = person_hash(installation.secret, _checked(external_id))
    with installation.database.read() as connection:
        return bool(suppressions.among(connection, [person]))


def export(installation: Installation, path: Path) -> int:
    """The whole list as CSV; returns how many persons. Raises `InputError` when the folder takes no file."""

    def write(fresh: Path) -> int:
        count = 0
        with fresh.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            for one in everybody(installation):
                writer.writerow(
                    (neutral(one.external_id or ""), one.person, neutral(one.source), one.actor, one.t_ms)
                )
                count += 1
        return count

    return written_whole(path, write)


def everybody(installation: Installation) -> Iterator[suppressions.OptOut]:
    """The whole list, a thousand at a time."""
    after = ""
    while True:
        with installation.database.read() as connection:
            part = suppressions.listed(connection, after=after, limit=AT_ONCE)
        if not part:
            return
        yield from part
        after = part[-1].person


def _checked(written: str) -> str:
    cleaned = clean_id(written)
    if not cleaned or len(cleaned) > FIELD_LIMIT_CHARACTERS or "\x00" in cleaned:
        raise InputError(
            f"an id of {len(cleaned):,} characters is none. Give 1 to {FIELD_LIMIT_CHARACTERS:,}, without NUL."
        )
    return cleaned


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while part := list(islice(rest, AT_ONCE)):
        yield part
