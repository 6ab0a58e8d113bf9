"""Make again exactly what a bad pin, preset or lexicon made: as new asset versions, with what replaces it.

    who is touched -> choose the voice anew -> compose the touched rows -> compare -> plan new versions -> repin, start

The old versions stay where they are, with their own pin and preset; the campaign's lock says what it spoke with
before. Text is composed again, because another vocabulary may need other words. A campaign that still runs keeps its
pin: it is named, and left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select

from campaign.brief import Brief
from campaign.errors import CampaignError, ConflictError, NotFoundError
from campaign.registry.lexicons import campaign_lexicon, labelled_rules
from campaign.registry.voice import ChosenVoice, check_use, choose_voice
from campaign.rerender.exchange import Exchange, Kind, made_by, touched
from campaign.rerender.impact import exchanged_lexicons
from campaign.speech.lexicon.matching import LabelledRules
from campaign.speech.lexicon.samples import with_sounds
from campaign.speech.revision import SPEECH_REVISION
from campaign.submission.compose import PlannedRow, RawRow, compose_rows
from campaign.submission.draft import text_processes
from campaign.submission.insert import insert_utterances
from campaign.submission.lock import front_end_config, lock_of
from campaign.submission.replay import ROWS_AT_ONCE, raw_rows, words_of_row
from storage.history import audit
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.queue import remake
from storage.records import Campaign
from storage.registry import gates as gate_rows
from storage.tables import (
    BROKEN_ROWS,
    CampaignState,
    RowStatus,
    asset_utterances,
    asset_versions,
    assets,
    utterances,
)
from workers.finish import FINISH_REVISION, FinishProfile
from workers.requests import spans_of


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

    campaign: str
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
    exchange: Exchange,
    *,
    campaign_ids: Sequence[str] = (),
    dry_run: bool = False,
    actor: str,
) -> list[Replanned]:
    """Plan the touched files again, in every campaign or in these; with `dry_run` only compare.

    The campaigns run again when this returns; whoever works makes the files. Raises `CampaignError` before anything
    is changed when a campaign named does not exist or was not touched.
    """
    with installation.database.read() as connection:
        found = touched(connection, exchange)
    if unknown := [one for one in campaign_ids if one not in {campaign.id for campaign in found}]:
        raise NotFoundError(f"campaign {unknown[0]} has no file that {exchange.old} made. Leave it out.")
    out = []
    for campaign in found:
        if campaign_ids and campaign.id not in campaign_ids:
            continue
        out.append(_one(installation, campaign, exchange, dry_run=dry_run, actor=actor))
    return out


def _one(
    installation: Installation, campaign: Campaign, exchange: Exchange, *, dry_run: bool, actor: str
) -> Replanned:
    done = Replanned(campaign=campaign.id)
    with installation.database.read() as connection:
        wanted = _touched_rows(connection, campaign, exchange)
        gate = gate_rows.of_side(connection, campaign.id)
    done.touched = len(wanted)
    if gate is not None:
        done.kept = f"it is a side of {gate.id}: what was measured and heard stays as it was"
        return done
    if campaign.state not in (
        CampaignState.FINISHED,
        CampaignState.FINISHED_WITH_ERRORS,
    ):
        done.kept = f"it is {campaign.state} and keeps what it speaks with; make it again when it has ended"
        return done
    try:
        with installation.database.read() as connection:
            plan = _Plan.of(connection, campaign, exchange)
    except CampaignError as exc:
        done.kept = str(exc)
        return done
    broken = {} if dry_run else _broken_rows(installation, campaign)
    if not dry_run:
        with installation.database.write() as connection:
            remake.forget_plans(connection, campaign.id)
    for chunk in _composed(installation, campaign, plan, {*wanted, *broken}):
        _plan_chunk(installation, campaign, plan, chunk, wanted, done, dry_run=dry_run)
    if not dry_run and done.rows:
        _start(installation, campaign, plan, exchange, done, actor=actor)
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How a campaign speaks from now on."""

    brief: Brief
    chosen: ChosenVoice
    lexicons: tuple[LabelledRules, ...]
    only_changed: bool
    """Of a lexicon: files whose words stay the same stay as they are."""

    @classmethod
    def of(cls, connection: Connection, campaign: Campaign, exchange: Exchange) -> _Plan:
        brief = replace(Brief.from_json(campaign.brief), preset=campaign.preset, model=campaign.pin_id)
        lexicons = labelled_rules(connection, brief)
        if exchange.kind == Kind.PIN:
            brief = replace(brief, model=exchange.new)
        elif exchange.kind == Kind.PRESET:
            brief = replace(brief, preset=exchange.new)
        else:
            lexicons = exchanged_lexicons(connection, lexicons, exchange.old, exchange.new, campaign.id)
            brief = replace(brief, lexicons=tuple(one.label for one in lexicons))
        chosen = choose_voice(connection, brief)
        check_use(connection, chosen, brief)
        campaign_lexicon(lexicons, chosen, check_loops=True)
        return cls(
            brief=brief,
            chosen=chosen,
            lexicons=tuple(lexicons),
            only_changed=exchange.kind == Kind.LEXICON,
        )

    def speaking(self, campaign: Campaign) -> Campaign:
        """The campaign as it is from now on."""
        return replace(
            campaign,
            pin_id=self.chosen.pin.id,
            preset=self.chosen.preset.label,
            engine=self.chosen.pin.engine,
            engine_revision=self.chosen.voice.engine_revision,
        )


def _touched_rows(connection: Connection, campaign: Campaign, exchange: Exchange) -> dict[int, int]:
    """Row -> planned version, of current files that the old one made."""
    query = (
        select(assets.c.row, assets.c.planned_version)
        .join(
            asset_versions,
            (asset_versions.c.asset_id == assets.c.id)
            & (asset_versions.c.version == assets.c.current_version),
        )
        .where(assets.c.campaign_id == campaign.id, assets.c.status == RowStatus.STORED, made_by(exchange))
    )
    return dict(connection.execute(query).tuples().all())


def _broken_rows(installation: Installation, campaign: Campaign) -> dict[int, int]:
    """Failed rows with a plan: `retry` must find one for what the campaign speaks with then."""
    planned = select(asset_utterances.c.asset_id).where(
        asset_utterances.c.asset_id == assets.c.id, asset_utterances.c.version == assets.c.planned_version
    )
    query = select(assets.c.row, assets.c.planned_version).where(
        assets.c.campaign_id == campaign.id,
        assets.c.status.in_(BROKEN_ROWS),
        planned.exists(),
    )
    with installation.database.read() as connection:
        return dict(connection.execute(query).tuples().all())


def _composed(
    installation: Installation, campaign: Campaign, plan: _Plan, wanted: set[int]
) -> Iterator[list[PlannedRow]]:
    config = front_end_config(plan.brief, plan.chosen, installation.settings, plan.lexicons)
    chosen: Iterator[RawRow] = (raw for raw in raw_rows(installation, campaign) if raw.number in wanted)
    processes = text_processes(installation) if len(wanted) > ROWS_AT_ONCE else 1
    yield from compose_rows(chosen, config, plan.chosen.voice, processes=processes)


def _plan_chunk(
    installation: Installation,
    campaign: Campaign,
    plan: _Plan,
    chunk: list[PlannedRow],
    wanted: dict[int, int],
    done: Replanned,
    *,
    dry_run: bool,
) -> None:
    """Compare a chunk with what is current, and plan what is to be made again."""
    spoken = _spoken_now(installation, campaign, [row.raw.number for row in chunk])
    again: list[PlannedRow] = []
    for row in chunk:
        keys, before = spoken.get(row.raw.number, ((), ""))
        if row.error is not None:
            if row.raw.number in wanted:
                done.lost.append((row.raw.number, row.error.code))
            continue
        if plan.only_changed and tuple((one.key, one.pause_after_ms) for one in row.utterances) == keys:
            continue
        again.append(row)
        if row.raw.number in wanted:
            done.rows.append(ReplannedRow(row=row.raw.number, before=before, after=words_of_row(row)))
    done.utterances += _count_new(installation, again)
    if dry_run or not again:
        return
    with installation.database.write() as connection:
        insert_utterances(connection, plan.speaking(campaign), again)
        versions = _planned_versions(connection, campaign, [row.raw.number for row in again])
        remake.add_places(
            connection,
            [
                (
                    campaign_rows.asset_id(campaign.number, row.raw.number),
                    versions[row.raw.number] + 1,
                    position,
                    one.key,
                    one.pause_after_ms,
                )
                for row in again
                for position, one in enumerate(row.utterances)
            ],
        )


def _planned_versions(connection: Connection, campaign: Campaign, rows: list[int]) -> dict[int, int]:
    query = select(assets.c.row, assets.c.planned_version).where(
        assets.c.campaign_id == campaign.id, assets.c.row.in_(rows)
    )
    return dict(connection.execute(query).tuples().all())


def _spoken_now(
    installation: Installation, campaign: Campaign, rows: list[int]
) -> dict[int, tuple[tuple[tuple[str, int | None], ...], str]]:
    """Row -> (its utterances' keys and pauses, their words), of the planned version."""
    query = (
        select(assets.c.row, asset_utterances.c.pause_after_ms, utterances.c.key, utterances.c.spec)
        .join(
            asset_utterances,
            (asset_utterances.c.asset_id == assets.c.id)
            & (asset_utterances.c.version == assets.c.planned_version),
        )
        .join(utterances, utterances.c.key == asset_utterances.c.utterance_key)
        .where(assets.c.campaign_id == campaign.id, assets.c.row.in_(rows))
        .order_by(assets.c.row, asset_utterances.c.position)
    )
    parts: dict[int, list[Any]] = {}
    with installation.database.read() as connection:
        for row in connection.execute(query):
            parts.setdefault(row.row, []).append(row)
    return {
        number: (
            tuple((one.key, one.pause_after_ms) for one in found),
            " ".join(with_sounds(span) for one in found for span in spans_of(one.spec)),
        )
        for number, found in parts.items()
    }


def _count_new(installation: Installation, rows: list[PlannedRow]) -> int:
    from campaign.submission.estimate import cached_keys

    keys = {one.key for row in rows for one in row.utterances}
    return len(keys) - len(cached_keys(installation.database, list(keys)))


def _start(
    installation: Installation,
    campaign: Campaign,
    plan: _Plan,
    exchange: Exchange,
    done: Replanned,
    *,
    actor: str,
) -> None:
    profile = FinishProfile.from_mapping(campaign.finish_profile)
    lock = lock_of(plan.brief, plan.chosen, profile, plan.lexicons)
    replaced = [*campaign.lock.get("replaced", ()), _before(campaign)]
    brief = Brief.from_json(campaign.brief)
    if exchange.kind == Kind.LEXICON:
        brief = replace(brief, lexicons=plan.brief.lexicons)
    now = plan.speaking(campaign)
    with installation.database.write() as connection:
        campaign_rows.repin(
            connection,
            campaign.id,
            pin_id=now.pin_id,
            preset=now.preset,
            engine=now.engine,
            engine_revision=now.engine_revision,
            speech_revision=SPEECH_REVISION,
            finish_revision=FINISH_REVISION,
            brief=brief.as_json(),
            lock={**lock, "replaced": replaced},
        )
        count = remake.take_up(connection, campaign.id)
        if count != len(done.rows):
            raise ConflictError(
                f"campaign {campaign.id} changed while its files were planned: {count} of {len(done.rows)}. Try again."
            )
        remake.start(connection, campaign.id)
        audit.note(
            connection,
            "rerender",
            campaign.id,
            actor=actor,
            kind=exchange.kind.value,
            old=exchange.old,
            new=exchange.new,
            rows=count,
        )


def _before(campaign: Campaign) -> dict[str, Any]:
    """What the lock said, less what it had replaced itself."""
    return {key: value for key, value in campaign.lock.items() if key != "replaced"}
