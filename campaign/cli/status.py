"""`campaign status` and `campaign list`: where campaigns are."""

from __future__ import annotations

import time
from typing import Any

import click

from campaign.cli import exits
from campaign.cli.shared import CAMPAIGN_ID, json_option, opened, print_json
from campaign.cli.terminal import tell
from campaign.operations.control import find_campaign
from campaign.times import of_milliseconds
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import amendments, held, leases
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign, Progress
from storage.tables import CampaignState


def status_document(installation: Installation, campaign: Campaign, counts: Progress) -> dict[str, Any]:
    """What `--json` prints."""
    from campaign.report.places import artefact_places
    from campaign.results.folder import result_folder
    from campaign.results.rows_to_mend import MEND

    document: dict[str, Any] = {
        "id": campaign.id,
        "name": campaign.name,
        "state": campaign.state.value,
        "state_reason": campaign.state_reason,
        "lane": campaign.lane.value,
        "preset": campaign.preset,
        "presets": {voice: locked.label for voice, locked in campaign.lock.row_presets.items()},
        "model": campaign.pin_id,
        "rows": {"total": counts.rows, "open": counts.open_rows, "by_status": dict(counts.by_status)},
        "opt_outs": [dict(met) for met in campaign.opt_outs or ()],
        "utterances": dict(counts.utterances_by_status),
        "results": str(result_folder(installation, campaign.id)),
    }
    if campaign.lock.listening is not None:
        document["listening"] = listening_document(installation, campaign)
    if campaign.waits_for_its_time:
        document["starts_at"] = of_milliseconds(campaign.t_start_ms or 0)
    if refused := refused_rows(installation, campaign.id):
        document |= {"refused": refused, "rows_to_mend": str(result_folder(installation, campaign.id) / MEND)}
    if campaign.t_reported_ms is not None:
        artefacts = artefact_places(installation, campaign.id)
        document |= {"manifest": artefacts.manifest_url, "report": artefacts.report_url}
    elif campaign.report_problem:
        document["report_problem"] = campaign.report_problem
    if counts.open_rows and (missing := missing_revisions(campaign)):
        document["missing"] = missing
    for name, (_whom, code) in waited_for().items():
        if counts.open_rows and (waiting := waiting_under(installation, campaign.id, code)):
            document[name] = {"rows": waiting[0], "reason": waiting[1]}
    return document


def waited_for() -> dict[str, tuple[str, str]]:
    """What rows may wait for, by its name in `--json`: (as people call it, the code of the rows)."""
    from workers.absence import RECOGNISER_AWAY
    from workers.refusals import STORE_FAILED

    return {
        "store": ("the object store", STORE_FAILED),
        "recogniser": ("whoever is to hear them", RECOGNISER_AWAY),
    }


def waiting_under(installation: Installation, campaign_id: CampaignId, code: str) -> tuple[int, str] | None:
    """(rows, a reason) of what was given back under a code of `waited_for` and is tried again; None for none."""
    with installation.database.read() as connection:
        rows, reason = leases.waiting_under(connection, campaign_id, code)
    return (rows, reason) if rows else None


def refused_rows(installation: Installation, campaign_id: CampaignId) -> int:
    """How many rows were refused for their text, before any sound was asked for."""
    with installation.database.read() as connection:
        return amendments.count_refused(connection, campaign_id)


def held_rows(installation: Installation, campaign_id: CampaignId) -> int:
    """How many files were made and are held, for they were misheard or could not be judged."""
    with installation.database.read() as connection:
        return held.count(connection, campaign_id)


def files_for_ears(installation: Installation, campaign_id: CampaignId) -> int:
    """How many of them wait for a person; the others were rejected, or are of somebody who opted out since."""
    with installation.database.read() as connection:
        return held.waiting(connection, campaign_id)


def listening_document(installation: Installation, campaign: Campaign) -> dict[str, Any]:
    """Who listens to a campaign's files, how many are held now and wait for a person; once reported, what was heard."""
    from campaign.report.publish import published_document

    listening = campaign.lock.listening
    assert listening is not None
    document = {
        "recogniser": listening.recogniser,
        "share": listening.share,
        "held": held_rows(installation, campaign.id),
        "for_your_ears": files_for_ears(installation, campaign.id),
    }
    if campaign.t_reported_ms is not None:
        told = published_document(installation, campaign.id).get("listening", {})
        document |= {
            name: told[name] for name in ("line", "second", "files", "values", "sentences") if name in told
        }
    return document


def _tell_listening(installation: Installation, campaign: Campaign) -> None:
    from campaign.report.heard import ears, heard_counts

    if campaign.lock.listening is None:
        return
    document = listening_document(installation, campaign)
    waiting = document["for_your_ears"]
    counts = f"{heard_counts(document)}; " if "values" in document else ""
    tell(
        f"listening: {counts}{ears(waiting)}"
        + (f". Judge them: campaign review {campaign.id}" if waiting else ""),
        fg="yellow" if waiting else None,
    )
    for line in _uncalibrated_lines(campaign):
        tell(line)


def _uncalibrated_lines(campaign: Campaign) -> list[str]:
    """Presets whose files are judged by what ships, each with the command that calibrates."""
    from campaign.submission.listening import calibrate_command

    listening, lock = campaign.lock.listening, campaign.lock
    if listening is None:
        return []
    return [
        f"calibration: none for {preset}, judged by what ships: {calibrate_command(preset, lock.pin.id)}"
        for preset in lock.preset_labels
        if preset not in listening.calibrations
    ]


def exit_of(campaign: Campaign) -> int:
    """How a command ends that worked on a campaign until it was at rest."""
    from workers.refusals import PAUSE_REASON

    if campaign.state == CampaignState.FINISHED_WITH_ERRORS:
        return exits.FINISHED_WITH_ERRORS
    refused = campaign.state == CampaignState.PAUSED and (campaign.state_reason or "").startswith(
        PAUSE_REASON
    )
    return exits.UNAVAILABLE if refused else exits.OK


def missing_revisions(campaign: Campaign) -> str | None:
    """What this program no longer implements of what the campaign was planned with."""
    from workers.engines.engine import EngineError
    from workers.engines.registry import engine_revision
    from workers.finish import FINISH_REVISION

    try:
        here = engine_revision(campaign.engine)
    except EngineError:
        return f"engine {campaign.engine} is not installed here"
    if here != campaign.engine_revision:
        return f"engine {campaign.engine} revision {campaign.engine_revision}; installed is {here}"
    if campaign.finish_revision != FINISH_REVISION:
        return f"finish revision {campaign.finish_revision}; installed is {FINISH_REVISION}"
    return None


def finish_line(installation: Installation, campaign: Campaign, counts: Progress, *, is_new: bool) -> None:
    """The last lines of a command that worked: what became of it and where it is."""
    stored = counts.by_status.get("stored", 0)
    rest = ", ".join(
        f"{count:,} {status}" for status, count in sorted(counts.by_status.items()) if status != "stored"
    )
    if not is_new and campaign.state in (CampaignState.FINISHED, CampaignState.FINISHED_WITH_ERRORS):
        tell("This content was submitted before; no sound was made.")
    colour = "green" if campaign.state == CampaignState.FINISHED else "yellow"
    tell(f"{campaign.id}: {campaign.state.replace('_', ' ')}", fg=colour, bold=True)
    tell(f"{stored:,} files" + (f" ({rest})" if rest else ""))
    if campaign.state_reason:
        tell(campaign.state_reason)
    _tell_listening(installation, campaign)
    mends = {
        CampaignState.PAUSED: f"Continue with: campaign resume {campaign.id}",
        CampaignState.VALIDATED: f"Start it with: campaign resume {campaign.id}",
        CampaignState.RUNNING: f"Follow it with: campaign status {campaign.id} --watch",
    }
    if campaign.waits_for_its_time:
        mends[CampaignState.VALIDATED] = (
            f"Starts at {of_milliseconds(campaign.t_start_ms or 0)}; at once with: campaign resume {campaign.id}"
        )
    if campaign.state in mends:
        tell(mends[campaign.state])
    if campaign.state in amendments.AMENDABLE and counts.errors:
        _tell_failed(installation, campaign, counts)
    if campaign.state in campaign_rows.TERMINAL and campaign.t_reported_ms is None:
        tell(
            "its manifest and report are not out yet: whoever works here next publishes them, or now "
            f"`campaign report {campaign.id}`",
            fg="yellow",
        )
        if campaign.report_problem:
            tell(campaign.report_problem, fg="yellow")
    if campaign.t_reported_ms is not None:
        from campaign.report.places import artefact_places

        artefacts = artefact_places(installation, campaign.id)
        tell(f"results   {artefacts.result_path}")
        tell(f"manifest  {artefacts.manifest_url}")
        tell(f"report    {artefacts.report_url}")


def _tell_failed(installation: Installation, campaign: Campaign, counts: Progress) -> None:
    """Which command is for which of the rows that failed."""
    from campaign.results.folder import result_folder
    from campaign.results.rows_to_mend import MEND

    refused = refused_rows(installation, campaign.id)
    if refused:
        path = result_folder(installation, campaign.id) / MEND
        tell(
            f"{'1 row was refused for its text' if refused == 1 else f'{refused:,} rows were refused for their text'}. "
            f"Edit {path}, then: campaign amend {campaign.id} {path}"
        )
    kept = held_rows(installation, campaign.id)
    if counts.errors > refused + kept and campaign.state == CampaignState.FINISHED_WITH_ERRORS:
        tell(
            f"{counts.errors - refused - kept:,} rows failed in sound. Try them again with: "
            f"campaign retry {campaign.id}"
        )


@click.command("status")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option("--watch", is_flag=True, help="Follow until it pauses or ends.")
@json_option
def status_command(campaign_id: CampaignId, watch: bool, as_json: bool) -> None:
    """Where CAMPAIGN_ID is."""
    with opened() as installation:
        campaign = find_campaign(installation, campaign_id)
        if watch:
            from campaign.cli.progress import WorkProgress
            from campaign.operations.foreground import watch_until_done

            with WorkProgress(quiet=as_json) as progress:
                watch_until_done(installation, campaign_id, progress.show)
        with installation.database.read() as connection:
            campaign = campaign_rows.get(connection, campaign_id)
            counts = campaign_rows.progress(connection, campaign_id)
        if as_json:
            print_json(status_document(installation, campaign, counts))
            return
        finish_line(installation, campaign, counts, is_new=True)
        if counts.open_rows and (missing := missing_revisions(campaign)):
            tell(f"waits for a worker that has {missing}", fg="yellow")
        for whom, code in waited_for().values():
            if counts.open_rows and (waiting := waiting_under(installation, campaign.id, code)):
                tell(f"{waiting[0]:,} rows wait for {whom}: {waiting[1]}", fg="yellow")


@click.command("list")
@click.option("--limit", default=50, show_default=True)
@json_option
def list_command(limit: int, as_json: bool) -> None:
    """The newest campaigns."""
    with opened() as installation:
        with installation.database.read() as connection:
            campaigns = campaign_rows.recent(connection, limit=limit)
        if as_json:
            rows = [
                {
                    "id": campaign.id,
                    "name": campaign.name,
                    "state": campaign.state.value,
                    "rows": campaign.rows_total,
                    "created_ms": campaign.t_created_ms,
                    "starts_at": _start_of(campaign),
                }
                for campaign in campaigns
            ]
            print_json(rows)
            return
        if not campaigns:
            tell("no campaigns yet; make one with: campaign submit recipients.csv")
        for campaign in campaigns:
            created = time.strftime("%Y-%m-%d %H:%M", time.localtime(campaign.t_created_ms / 1000))
            total = "?" if campaign.rows_total is None else f"{campaign.rows_total:,}"
            starts = f"  starts at {start}" if (start := _start_of(campaign)) else ""
            tell(
                f"{campaign.id:<44} {campaign.state:<22} {total:>10} rows  {created}  {campaign.name}{starts}"
            )


def _start_of(campaign: Campaign) -> str | None:
    return of_milliseconds(campaign.t_start_ms or 0) if campaign.waits_for_its_time else None
