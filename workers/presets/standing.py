"""Whether a preset may be used now, for this: consent, revocation, retirement, as their records say.

Consent is checked when a campaign is submitted and again whenever work is claimed, so it is a plain function of
records and a clock, and has no memory. The newest consent counts; a revocation is final for its version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.registry.presets import PresetRecord

CONSENT = "consent"
SCORES = "scores"
REVOCATION = "revocation"
RETIREMENT = "retirement"
EVERYWHERE = "*"
"""Of languages or territories: no limit."""
NOWHERE = "-"
"""Of the territories a use is for: the sound stays with who asked for it, as in `campaign say`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a preset is wanted for."""

    purpose: str
    languages: tuple[str, ...]
    """BCP 47 primary languages."""
    territories: tuple[str, ...] = ()
    """ISO 3166 codes of where the messages go; empty when nobody says."""

    @classmethod
    def of_brief(cls, purpose: str, brief: Mapping[str, Any]) -> Use:
        """From a campaign's purpose and its brief as kept."""
        return cls(
            purpose=str(purpose),
            languages=tuple(brief["languages"]),
            territories=tuple(brief.get("territories", ())),
        )


def refusal(
    label: str, provenance: Mapping[str, Any], records: Sequence[PresetRecord], use: Use, now_ms: int
) -> str | None:
    """Why `label` may not speak for this use now, with the fix; None when it may.

    A preset of nobody's voice needs no consent: `provenance["person"]` is None.
    """
    if revoked := revocation(label, records):
        return revoked
    if provenance.get("person") is None:
        return None
    consents = [record.body for record in records if record.kind == CONSENT]
    if not consents:
        return f"preset {label} has no consent of its speaker. Record one with `campaign preset consent {label} FILE`."
    return _outside(label, consents[-1], use, now_ms)


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


def _outside(label: str, consent: Mapping[str, Any], use: Use, now_ms: int) -> str | None:
    until_ms = consent["until_ms"]
    if until_ms is not None and now_ms >= until_ms:
        return (
            f"the consent for preset {label} ended on {consent['until']}. Renew it and record it with "
            f"`campaign preset consent {label} FILE`."
        )
    if use.purpose not in consent["purposes"]:
        allowed = ", ".join(consent["purposes"])
        return f"the consent for preset {label} covers {allowed}, not {use.purpose}. Choose another preset."
    for what, used in (("languages", use.languages), ("territories", use.territories)):
        covered = consent[what]
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
