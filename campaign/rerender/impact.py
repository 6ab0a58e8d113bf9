"""What another version of a lexicon would change in a campaign: which rows, and the cost of re-making only those."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign.errors import BriefError, ConflictError
from campaign.registry.lexicons import find_lexicon, rules_of
from campaign.speech.lexicon.files import ENDINGS, LexiconFile, read_lexicon
from campaign.speech.lexicon.matching import LabelledRules
from campaign.speech.revision import SPEECH_REVISION
from campaign.submission.compose import PlannedRow, compose_rows
from campaign.submission.draft import text_processes
from campaign.submission.estimate import cost_of
from campaign.submission.prepare import Prepared, resolve_brief
from campaign.submission.replay import kept_rows, replayed, words_of_row
from storage.installation import Installation
from storage.names import CampaignId
from storage.records import Campaign
from storage.session import Connection

NOTHING = "none"
"""In place of a lexicon: as if the campaign had none there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """A recipient who would hear something else."""

    row: int
    external_id: str
    before: str
    """Spoken text, or `ERROR code`."""
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What would change, and what it costs."""

    rows: int
    changed: tuple[ChangedRow, ...]
    utterances_new: int
    """Distinct ones that would have to be made."""
    utterances_cached: int
    """Distinct ones of the changed rows that are there."""
    seconds_to_make: float
    expected_wall_s: float | None
    """None where this voice has made nothing here yet."""
    expected_cost: float
    currency: str


def impact(installation: Installation, campaign: Campaign, old: str, new: str) -> Impact:
    """Compare every row of `campaign` with `old` and with `new` in its place; makes no sound, writes nothing.

    `old` is a lexicon of the campaign, `new` a label or a file; either may be `none`. Cost: every row's text, twice.
    """
    if campaign.speech_revision != SPEECH_REVISION:
        raise ConflictError(
            f"the text of {campaign.id} was made by front end revision {campaign.speech_revision}, installed is "
            f"{SPEECH_REVISION}: every row may change. Submit it again with --new."
        )
    before = replayed(installation, campaign)
    with installation.database.read() as connection:
        rules = exchanged_lexicons(connection, before.rules, old, new, campaign.id)
    after = resolve_brief(installation, before.loaded, rules=rules).reading(before.conventions)
    processes = max(1, text_processes(installation) // 2)
    changed: list[ChangedRow] = []
    new_characters: dict[str, int] = {}
    rows = 0
    then, now = (_planned(installation, campaign, prepared, processes) for prepared in (before, after))
    for before_row, after_row in zip(then, now, strict=True):
        rows += 1
        if _fingerprint(before_row) == _fingerprint(after_row):
            continue
        changed.append(
            ChangedRow(
                row=before_row.raw.number,
                external_id=before_row.raw.external_id,
                before=words_of_row(before_row),
                after=words_of_row(after_row),
            )
        )
        new_characters.update((utterance.key, utterance.characters) for utterance in after_row.utterances)
    cost = cost_of(installation, new_characters, presets=campaign.lock.preset_labels, pin_id=campaign.pin_id)
    return Impact(
        rows=rows,
        changed=tuple(changed),
        utterances_new=len(new_characters) - cost.utterances_cached,
        utterances_cached=cost.utterances_cached,
        seconds_to_make=cost.seconds_to_make,
        expected_wall_s=cost.expected_wall_s,
        expected_cost=cost.expected_cost,
        currency=installation.settings.currency,
    )


def exchanged_lexicons(
    connection: Connection, lexicons: Sequence[LabelledRules], old: str, new: str, campaign_id: CampaignId
) -> list[LabelledRules]:
    """A campaign's lexicons with `new` (a label, a file or `none`) in the place of `old`."""
    return _exchanged(lexicons, _own_label(lexicons, old, campaign_id), _replacement(connection, new))


def _own_label(lexicons: Sequence[LabelledRules], old: str, campaign_id: CampaignId) -> str:
    """The campaign's label that `old` means; empty for `none`."""
    if old == NOTHING:
        return ""
    labels = [lexicon.label for lexicon in lexicons]
    matching = [label for label in labels if old in (label, label.partition("@")[0])]
    if len(matching) != 1:
        raise BriefError(
            f"campaign {campaign_id} does not use the lexicon {old}; it uses {', '.join(labels) or 'none'}. "
            f"Name one of these, or `{NOTHING}` to see what adding one does."
        )
    return matching[0]


def _replacement(connection: Connection, new: str) -> LabelledRules | None:
    if new == NOTHING:
        return None
    if new.lower().endswith(ENDINGS):
        file: LexiconFile = read_lexicon(Path(new))
        return LabelledRules(label=file.label, rules=file.rules)
    label = find_lexicon(connection, new).label
    return LabelledRules(label=label, rules=rules_of(connection, label))


def _exchanged(lexicons: Sequence[LabelledRules], old: str, new: LabelledRules | None) -> list[LabelledRules]:
    """The lexicons with `new` in the place of `old`; at the end where there is no `old`."""
    out = [new if lexicon.label == old else lexicon for lexicon in lexicons]
    if not old:
        out.append(new)
    return [lexicon for lexicon in out if lexicon is not None]


def _planned(
    installation: Installation, campaign: Campaign, prepared: Prepared, processes: int
) -> Iterator[PlannedRow]:
    rows = kept_rows(installation, campaign)
    for chunk in compose_rows(rows, prepared.row_voices, processes=processes):
        yield from chunk


def _fingerprint(row: PlannedRow) -> tuple[object, ...]:
    """What a recipient hears."""
    if row.error is not None:
        return ("error", row.error.code, row.error.column)
    return tuple((utterance.key, utterance.pause_after_ms) for utterance in row.utterances)
