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
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from campaign.brief import Purpose
from campaign.errors import ConsentError
from campaign.territories import checked_territory
from workers.documents import read_bounded
from workers.languages import checked_tag
from workers.mends import Words
from workers.presets.standing import EVERYWHERE, Consent
from workers.strict import Several, StrictTable, read, read_toml

LARGEST_PROOF_BYTES = 256 << 20
"""A recording of somebody who agrees may be one."""
EPOCH = date(1970, 1, 1)
MS_A_DAY = 86_400_000
OPEN_ENDED: Literal["revoked"] = "revoked"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _language(tag: str) -> str:
    return tag if tag == EVERYWHERE else checked_tag(tag)


Language = Annotated[
    str,
    Field(pattern=r"^([a-z]{2,3}|\*)$"),
    AfterValidator(_language),
    Words('a language such as "en", or "*"', 'languages such as "en", or "*"'),
]
Territory = Annotated[
    str,
    Field(json_schema_extra={"pattern": r"^([A-Z]{2}|\*)$"}),
    Words('a code such as "DE", or "*"', 'codes such as "DE", or "*"'),
]
LastDay = Annotated[
    date | Literal["revoked"],
    Words(f'the last day such as 2028-10-31, without quotes, or "{OPEN_ENDED}"'),
]


class ConsentTable(StrictTable):
    """A consent as it is written."""

    person: Text = Field(examples=['"A. Speaker, contract 2026-114"'])
    """Who, in words that you can find again; stays in the database."""
    purposes: Several[Annotated[Purpose, Field(strict=False)]] = Field(
        min_length=1, examples=['["commercial", "non-commercial"]']
    )
    """What the voice may be used for."""
    languages: Several[Language] = Field(min_length=1, examples=['["en", "de"]'])
    """What it may say it in; `*` for any."""
    territories: Several[Territory] = Field(min_length=1, examples=['["DE", "AT"]'])
    """ISO 3166 codes of where messages may go; `*` for anywhere."""
    given: date = Field(examples=["2026-11-01"])
    """The day on which it was given."""
    until: LastDay = Field(examples=["2028-10-31"])
    """The last day, or `revoked`: until it is revoked."""
    proof: Text = Field(examples=['"consent-signed.pdf"'])
    """A file beside this one, kept by you; its digest is recorded."""

    @field_validator("territories")
    @classmethod
    def _of_the_world(cls, territories: tuple[str, ...]) -> tuple[str, ...]:
        for code in territories:
            if code != EVERYWHERE:
                checked_territory(code)
        return territories

    @field_validator("given")
    @classmethod
    def _not_to_come(cls, given: date) -> date:
        if given > datetime.now(UTC).date() + timedelta(days=1):
            raise ValueError(f"{given} is in the future; consent comes first")
        return given

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if isinstance(self.until, date) and self.until < self.given:
            raise ValueError(f"until {self.until} lies before given {self.given}; correct one of them")
        return self

    @property
    def until_ms(self) -> int | None:
        """First moment after it, in UTC; None for open-ended."""
        if not isinstance(self.until, date):
            return None
        return ((self.until - EPOCH).days + 1) * MS_A_DAY


def read_consent(path: Path) -> Consent:
    """The consent in `path`; raises `ConsentError` with the file, the key and the mend."""
    document = read_toml(path, error=ConsentError, option="--consent")
    table = read(ConsentTable, document, where=str(path), error=ConsentError)
    return Consent(
        person=table.person,
        purposes=tuple(purpose.value for purpose in table.purposes),
        languages=table.languages,
        territories=table.territories,
        given=table.given.isoformat(),
        until=str(table.until),
        until_ms=table.until_ms,
        proof_sha256=hashlib.sha256(_read(path.parent / table.proof)).hexdigest(),
        file_sha256=hashlib.sha256(_read(path)).hexdigest(),
    )


def _read(path: Path) -> bytes:
    try:
        return read_bounded(path, most_bytes=LARGEST_PROOF_BYTES)
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the name
        reason = exc.strerror if isinstance(exc, OSError) else exc
        raise ConsentError(f"{path} cannot be read: {reason}. Name a file that is there.") from exc
