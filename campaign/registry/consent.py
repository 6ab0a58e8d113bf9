"""Consent of a speaker, read from a small TOML file, strictly: an unknown or missing key is an error, never a guess.

person = "A. Speaker, contract 2026-114"     # who, in words that you can find again; stays in the database
purposes = ["commercial", "non-commercial"]
languages = ["en", "de"]                     # or ["*"]
territories = ["DE", "AT"]                   # ISO 3166, where messages may go; or ["*"]
given = 2026-11-01
until = 2028-10-31                           # the last day; or "revoked" for until it is revoked
proof = "consent-signed.pdf"                 # a file beside this one, kept by you; its digest is recorded
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from campaign.brief import Purpose
from campaign.errors import ConsentError

KEYS = ("person", "purposes", "languages", "territories", "given", "until", "proof")
LANGUAGE = re.compile(r"[a-z]{2,3}|\*")
TERRITORY = re.compile(r"[A-Z]{2}|\*")
OPEN_ENDED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a speaker agreed to."""

    person: str
    purposes: tuple[str, ...]
    languages: tuple[str, ...]
    territories: tuple[str, ...]
    given: str
    """ISO date."""
    until: str
    """ISO date, the last day on which it holds, or `revoked`."""
    until_ms: int | None
    """First moment after it, in UTC; None for open-ended."""
    proof_sha256: str
    file_sha256: str

    def as_json(self) -> dict[str, Any]:
        """As recorded."""
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()
        }


def read_consent(path: Path) -> Consent:
    """The consent in `path`; raises `ConsentError` with the file, the key and the mend."""
    data = _read(path)
    try:
        table = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ConsentError(f"{path} is not TOML: {exc}. Correct that line.") from exc
    if unknown := sorted(table.keys() - set(KEYS)):
        raise ConsentError(f"{path}: no such key: {', '.join(unknown)}. Known keys: {', '.join(KEYS)}.")
    if missing := [key for key in KEYS if key not in table]:
        raise ConsentError(
            f"{path}: {', '.join(missing)} is missing. docs/presets.md shows a complete consent."
        )
    given = _given(path, table["given"])
    until, until_ms = _until(path, table["until"], given)
    return Consent(
        person=_text(path, "person", table["person"]),
        purposes=_list(
            path, "purposes", table["purposes"], re.compile("|".join(Purpose)), ", ".join(Purpose)
        ),
        languages=_list(path, "languages", table["languages"], LANGUAGE, 'languages such as "en", or "*"'),
        territories=_list(path, "territories", table["territories"], TERRITORY, 'codes such as "DE", or "*"'),
        given=given.isoformat(),
        until=until,
        until_ms=until_ms,
        proof_sha256=hashlib.sha256(_read(path.parent / _text(path, "proof", table["proof"]))).hexdigest(),
        file_sha256=hashlib.sha256(data).hexdigest(),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise ConsentError(f"{path} cannot be read: {exc.strerror}. Name a file that is there.") from exc


def _text(path: Path, key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConsentError(f"{path}: {key} is {value!r}; write it as text.")
    return value.strip()


def _list(path: Path, key: str, value: Any, pattern: re.Pattern[str], words: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ConsentError(f"{path}: {key} is {value!r}; give a list of {words}.")
    for item in value:
        if not isinstance(item, str) or not pattern.fullmatch(item):
            raise ConsentError(f"{path}: {key} has {item!r}; give {words}.")
    return tuple(value)


def _given(path: Path, value: Any) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ConsentError(f"{path}: given is {value!r}; write a date such as 2026-11-01, without quotes.")
    if value > datetime.now(UTC).date() + timedelta(days=1):
        raise ConsentError(f"{path}: given is {value}; that is in the future. Consent comes first.")
    return value


def _until(path: Path, value: Any, given: date) -> tuple[str, int | None]:
    if value == OPEN_ENDED:
        return OPEN_ENDED, None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ConsentError(
            f'{path}: until is {value!r}; write the last day such as 2028-10-31, without quotes, or "{OPEN_ENDED}".'
        )
    if value < given:
        raise ConsentError(f"{path}: until {value} lies before given {given}.")
    after = datetime.combine(value + timedelta(days=1), time(), tzinfo=UTC)
    return value.isoformat(), round(after.timestamp() * 1000)
