"""Make again exactly what a bad pin, preset or lexicon made: as new asset versions, with what replaces it.

    who is touched -> choose the voice again -> compose the touched rows -> compare -> plan new versions -> repin, start

The old versions stay where they are, with their own pin and preset; the campaign's lock says what it spoke with
before. Text is composed again, because another vocabulary may need other words. A campaign that still runs keeps its
pin: it is named, and left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from campaign.brief import Brief, LoadedBrief
from campaign.errors import CampaignError, ConflictError, NotFoundError
from campaign.registry.lexicons import labelled_rules
from campaign.rerender.impact import exchanged_lexicons
from campaign.rerender.replacement import RegistryKind, Replacement, touched_campaigns
from campaign.speech.revision import SPEECH_REVISION
from campaign.submission.compose import PlannedRow, RawRow, compose_rows
from campaign.submission.draft import text_processes
from campaign.submission.insert import insert_replanned_utterances, kept_places
from campaign.submission.lock import conventions_of, lock_of
from campaign.submission.plan import PlannedUtterance
from campaign.submission.prepare import Prepared, prepare_brief
from campaign.submission.replay import ROWS_AT_ONCE, brief_of, kept_rows, words_of_row, words_said
from storage.history import audit, origins, speed
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import remake, suppressions
from storage.records import Campaign, SpokenWith
from storage.registry import gates as gate_rows
from storage.tables import CampaignState
from workers.finish import FINISH_REVISION
from workers.requests import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplannedRow:
    """One file that is made again."""

    row: int
    before: str
    """Spoken text of the version that is current."""
    after: str

    @property
    def text_changed(self) -> bool:
        """Whether other words are said, not only by another voice."""
        return self.before != self.after


@dataclass(slots=True, kw_only=True)
class Replanned:
    """What became of one campaign."""

    campaign: CampaignId
    kept: str = ""
    """Why it was left alone; empty when it was not."""
    touched: int = 0
    """Current files that the old one made."""
    rows: list[ReplannedRow] = field(default_factory=list)
    """Those that are made again."""
    lost: list[tuple[int, str]] = field(default_factory=list)
    """(row, code) of those that cannot be: their old file stays."""
    utterances: int = 0
    """Distinct ones that have to be made."""


def rerender(
    installation: Installation,
    replacement: Replacement,
    *,
    campaign_ids: Sequence[CampaignId] = (),
    dry_run: bool = False,
    actor: str,
) -> list[Replanned]:
    """Plan the touched files again, in every campaign or in these; with `dry_run` only compare.

    The campaigns run again when this returns; whoever works makes the files. Raises `CampaignError` before anything
    is changed when a campaign named does not exist or was not touched.
    """
    with installation.database.read() as connection:
        touched = touched_campaigns(connection, replacement)
    unknown = set(campaign_ids) - {campaign.id for campaign in touched}
    if unknown:
        raise NotFoundError(f"campaign {min(unknown)} has no file that {replacement.old} made. Leave it out.")
    chosen = [campaign for campaign in touched if not campaign_ids or campaign.id in campaign_ids]
    return [_replan(installation, campaign, replacement, dry_run=dry_run, actor=actor) for campaign in chosen]


def _replan(
    installation: Installation, campaign: Campaign, replacement: Replacement, *, dry_run: bool, actor: str
) -> Replanned:
    replanned = Replanned(campaign=campaign.id)
    with installation.database.read() as connection:
        touched = set(origins.rows_of(connection, campaign.id, replacement.maker))
        gate = gate_rows.of_side(connection, campaign.id)
    replanned.touched = len(touched)
    if gate is not None:
        replanned.kept = f"it is a side of {gate.id}: what was measured and heard stays as it was"
        return replanned
    if campaign.state not in (CampaignState.FINISHED, CampaignState.FINISHED_WITH_ERRORS):
        replanned.kept = (
            f"it is {campaign.state} and keeps what it speaks with; make it again when it has ended"
        )
        return replanned
    try:
        plan = _plan(installation, campaign, replacement)
    except CampaignError as exc:
        replanned.kept = str(exc)
        return replanned
    rows = set(touched)
    if not dry_run:
        with installation.database.write() as connection:
            rows.update(remake.broken_rows(connection, campaign.id))
            remake.forget_plans(connection, campaign.id)
    for chunk in _composed(installation, campaign, plan, rows):
        again = _compare(installation, campaign, plan, chunk, touched, replanned)
        if again and not dry_run:
            _keep_plans(installation, campaign, plan, again)
    if not dry_run and replanned.rows:
        _start(installation, campaign, plan, replacement, replanned, actor=actor)
    return replanned


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How a campaign speaks from now on."""

    prepared: Prepared
    only_changed: bool
    """Of a lexicon: files whose words stay the same stay as they are."""

    def speaking(self, campaign: Campaign) -> Campaign:
        """The campaign as it is from now on."""
        chosen = self.prepared.chosen
        return replace(
            campaign,
            pin_id=chosen.pin.id,
            preset=chosen.preset.label,
            engine=chosen.pin.engine,
            engine_revision=chosen.voice.engine_revision,
            lock=lock_of(self.prepared),
        )


def _plan(installation: Installation, campaign: Campaign, replacement: Replacement) -> _Plan:
    """Raises what `prepare_brief` raises."""
    brief = brief_of(campaign)
    with installation.database.read() as connection:
        voices = origins.voices_of(connection, campaign.id, replacement.maker)
        rules = labelled_rules(connection, brief)
        if replacement.kind == RegistryKind.LEXICON:
            rules = exchanged_lexicons(connection, rules, replacement.old, replacement.new, campaign.id)
    if replacement.kind == RegistryKind.PIN:
        brief = brief.revised(model=replacement.new)
    elif replacement.kind == RegistryKind.PRESET:
        brief = _with_new_preset(brief, replacement, set(voices))
    else:
        brief = brief.revised(lexicons=tuple(lexicon.label for lexicon in rules))
    prepared = prepare_brief(
        installation, LoadedBrief(brief=brief, suppress=()), allow_slow=True, rules=rules
    )
    prepared = prepared.reading(conventions_of(campaign.lock))
    return _Plan(prepared=prepared, only_changed=replacement.kind == RegistryKind.LEXICON)


def _with_new_preset(brief: Brief, replacement: Replacement, touched: set[str | None]) -> Brief:
    """The brief with the new preset for whoever has the old one now, or had it when a touched file was made."""
    is_own = None in touched or brief.preset == replacement.old
    return brief.revised(
        preset=replacement.new if is_own else brief.preset,
        presets={
            voice: replacement.new if voice in touched or label == replacement.old else label
            for voice, label in brief.presets.items()
        },
    )


def _composed(
    installation: Installation, campaign: Campaign, plan: _Plan, numbers: set[int]
) -> Iterator[list[PlannedRow]]:
    rows: Iterator[RawRow] = (raw for raw in kept_rows(installation, campaign) if raw.number in numbers)
    processes = text_processes(installation) if len(numbers) > ROWS_AT_ONCE else 1
    prepared = plan.prepared
    yield from compose_rows(rows, prepared.row_voices, processes=processes)


def _compare(
    installation: Installation,
    campaign: Campaign,
    plan: _Plan,
    chunk: list[PlannedRow],
    touched: set[int],
    replanned: Replanned,
) -> list[PlannedRow]:
    """Those of a chunk that are to be made again; what is said of them is added to `replanned`."""
    numbers = [row.raw.number for row in chunk]
    spoken = _spoken_now(installation, campaign, numbers)
    with installation.database.read() as connection:
        opted_out = suppressions.rows_among(connection, campaign.id, touched.intersection(numbers))
    again: list[PlannedRow] = []
    for row in chunk:
        number = row.raw.number
        before = spoken.get(number, [])
        if row.error is not None:
            if number in touched:
                replanned.lost.append((number, row.error.code))
            continue
        if plan.only_changed and _heard(row.utterances) == _heard(before):
            continue
        if number in opted_out:
            replanned.lost.append((number, suppressions.OPTED_OUT))
            continue
        again.append(row)
        if number in touched:
            words = words_said(Spec.from_json(utterance.spec) for utterance in before)
            replanned.rows.append(ReplannedRow(row=number, before=words, after=words_of_row(row)))
    keys = {utterance.key for row in again for utterance in row.utterances}
    with installation.database.read() as connection:
        replanned.utterances += len(keys) - len(speed.stored_among(connection, list(keys)))
    return again


def _heard(utterances: Iterable[PlannedUtterance | remake.PlacedUtterance]) -> list[tuple[str, int | None]]:
    return [(utterance.key, utterance.pause_after_ms) for utterance in utterances]


def _spoken_now(
    installation: Installation, campaign: Campaign, rows: list[int]
) -> dict[int, list[remake.PlacedUtterance]]:
    """Row to its utterances, of the planned version."""
    by_row: dict[int, list[remake.PlacedUtterance]] = {}
    with installation.database.read() as connection:
        for utterance in remake.placed_utterances(connection, campaign.id, rows):
            by_row.setdefault(utterance.row, []).append(utterance)
    return by_row


def _keep_plans(installation: Installation, campaign: Campaign, plan: _Plan, again: list[PlannedRow]) -> None:
    """Write the next version of each row; nobody looks at it before `remake.plan_added`."""
    with installation.database.write() as connection:
        insert_replanned_utterances(connection, plan.speaking(campaign), again)
        versions = remake.planned_versions(connection, campaign.id, [row.raw.number for row in again])
        remake.add_places(
            connection,
            [
                (
                    campaign_rows.asset_id(campaign.number, row.raw.number),
                    versions[row.raw.number] + 1,
                    position,
                    utterance.key,
                    utterance.pause_after_ms,
                    kept_places(utterance),
                )
                for row in again
                for position, utterance in enumerate(row.utterances)
            ],
        )


def _start(
    installation: Installation,
    campaign: Campaign,
    plan: _Plan,
    replacement: Replacement,
    replanned: Replanned,
    *,
    actor: str,
) -> None:
    brief = Brief.from_json(campaign.brief)
    if replacement.kind == RegistryKind.LEXICON:
        brief = brief.revised(lexicons=plan.prepared.brief.lexicons)
    now = plan.speaking(campaign)
    with installation.database.write() as connection:
        spoken_with = SpokenWith(
            pin_id=now.pin_id,
            preset=now.preset,
            engine=now.engine,
            engine_revision=now.engine_revision,
            speech_revision=SPEECH_REVISION,
            finish_revision=FINISH_REVISION,
            brief=brief.as_json(),
            lock=now.lock.replacing(campaign.lock),
        )
        campaign_rows.repin(connection, campaign.id, spoken_with)
        count = remake.plan_added(connection, campaign.id)
        if count != len(replanned.rows):
            raise ConflictError(
                f"campaign {campaign.id} changed while its files were planned: {count} of {len(replanned.rows)}. "
                "Try again."
            )
        remake.start(connection, campaign.id)
        audit.note(
            connection,
            "rerender",
            campaign.id,
            actor=actor,
            kind=replacement.kind.value,
            old=replacement.old,
            new=replacement.new,
            rows=count,
        )
