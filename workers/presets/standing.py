"""Whether a preset may be used now, for this: consent, revocation, retirement, as their records say.

Consent is checked when a campaign is submitted and again whenever work is claimed, so it is a plain function of
records and a clock, and has no memory. The newest consent counts; a revocation is final for its version.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

from pydantic import JsonValue, TypeAdapter

from storage.records import JsonObject
from storage.registry.presets import PresetRecord
from workers.languages import primary

CONSENT = "consent"
SCORES = "scores"
VOICE = "voice"
"""A vector of the recording's speaker: biometric, so nobody is shown it."""
REVOCATION = "revocation"
RETIREMENT = "retirement"
ERASURE = "erasure"
"""Of the recording and of what was made of it."""
EVERYWHERE = "*"
"""Of languages or territories: no limit."""
_CHANGED_LANGUAGE = re.compile(r"""\blang\s*\(?\s*["']([A-Za-z0-9_-]+)["']""")
"""`{% lang "es" %}` and `{{ name | lang("de") }}`."""
NOWHERE = "-"
"""Of the territories a use is for: the sound stays with who asked for it, as in `campaign say`."""


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

    @classmethod
    def from_json(cls, kept: JsonObject) -> Consent:
        """As recorded."""
        return _consent_reader().validate_python(kept)

    def as_json(self) -> dict[str, JsonValue]:
        """To be recorded."""
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()
        }


@lru_cache(maxsize=1)
def _consent_reader() -> TypeAdapter[Consent]:
    return TypeAdapter(Consent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a preset is wanted for."""

    purpose: str
    languages: tuple[str, ...]
    """BCP 47 primary languages."""
    territories: tuple[str, ...] = ()
    """ISO 3166 codes of where the messages go; empty when nobody says."""

    @classmethod
    def of_brief(cls, purpose: str, brief: JsonObject) -> Use:
        """From a campaign's purpose and its brief as kept; what that does not say is said nowhere."""
        return cls(
            purpose=purpose, languages=_languages_of(brief), territories=_texts(brief.get("territories"))
        )


def _languages_of(brief: JsonObject) -> tuple[str, ...]:
    """Every one that may be spoken: the brief's own, its templates', its columns', and where a text changes it."""
    named = [*_texts(brief["languages"])]
    for locale, template in _tables(brief.get("templates")):
        named.append(str(template.get("language") or ("" if locale == "default" else locale)))
        named += _CHANGED_LANGUAGE.findall(str(template.get("text")))
    named += [str(column.get("language") or "") for _, column in _tables(brief.get("columns"))]
    found = dict.fromkeys(primary(tag) for tag in named)
    return tuple(language for language in found if language not in ("", "auto"))


def _texts(value: JsonValue) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _tables(value: JsonValue) -> list[tuple[str, dict[str, JsonValue]]]:
    tables = value.items() if isinstance(value, dict) else ()
    return [(name, table) for name, table in tables if isinstance(table, dict)]


def refusal(
    label: str, records: Sequence[PresetRecord], use: Use, now_ms: int, *, is_of_a_person: bool
) -> str | None:
    """Why `label` may not speak for this use now, with the fix; None when it may.

    A preset of nobody's voice needs no consent.
    """
    if revoked := revocation(label, records):
        return revoked
    if not is_of_a_person:
        return None
    consents = [record.body for record in records if record.kind == CONSENT]
    if not consents:
        return f"preset {label} has no consent of its speaker. Record one with `campaign preset consent {label} FILE`."
    return _outside(label, Consent.from_json(consents[-1]), use, now_ms)


def revocation(label: str, records: Sequence[PresetRecord]) -> str | None:
    """Why `label` may never speak again."""
    revoked = [record for record in records if record.kind == REVOCATION]
    if not revoked:
        return None
    return (
        f"preset {label} was revoked: {revoked[-1].body['reason']}. Use another preset; a new agreement is a new "
        "version."
    )


def retirement(label: str, records: Sequence[PresetRecord]) -> str | None:
    """Why no new campaign may use `label`; running ones go on."""
    retired = [record for record in records if record.kind == RETIREMENT]
    if not retired:
        return None
    return (
        f"preset {label} was retired: {retired[-1].body['reason']}. `campaign preset list` shows newer ones."
    )


def shown_body(record: PresetRecord) -> dict[str, JsonValue]:
    """What anybody may see of a record: of a voice, which encoder measured it."""
    return {key: value for key, value in record.body.items() if (record.kind, key) != (VOICE, "vector")}


def _outside(label: str, consent: Consent, use: Use, now_ms: int) -> str | None:
    if consent.until_ms is not None and now_ms >= consent.until_ms:
        return (
            f"the consent for preset {label} ended on {consent.until}. Renew it and record it with "
            f"`campaign preset consent {label} FILE`."
        )
    if use.purpose not in consent.purposes:
        allowed = ", ".join(consent.purposes)
        return f"the consent for preset {label} covers {allowed}, not {use.purpose}. Choose another preset."
    for what, covered, used in (
        ("languages", consent.languages, use.languages),
        ("territories", consent.territories, use.territories),
    ):
        if EVERYWHERE in covered or used == (NOWHERE,):
            continue
        if not used:
            return (
                f"the consent for preset {label} covers {', '.join(covered)} only, and the brief does not say where "
                f'the messages go. Add territories = ["{covered[0]}"] to campaign.toml if that is the truth.'
            )
        outside = [value for value in used if value not in covered]
        if outside:
            return (
                f"the consent for preset {label} covers {what} {', '.join(covered)}, not {', '.join(outside)}. "
                "Choose another preset."
            )
    return None
