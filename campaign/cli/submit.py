"""`campaign submit`: recipients, a template and a frozen voice in; files, a manifest and a report out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.cli.findings import (
    problems_document,
    show_estimate,
    show_found,
    show_opt_outs,
    show_problems,
    show_text_counts,
    text_counts,
)
from campaign.cli.progress import SubmitProgress, WorkProgress
from campaign.cli.recipients import ReadAs, opened_file, reading_options
from campaign.cli.shared import CAMPAIGN_ID, actor, json_option, opened, options_as, print_json, read_settings
from campaign.cli.terminal import tell
from campaign.errors import RecipientsError
from storage.installation import Installation
from storage.names import CampaignId
from storage.tables import CampaignState, Lane

SHOWN = 5
"""Rows that a dry run shows."""
MOST_SHOWN = 20

if TYPE_CHECKING:
    from campaign.brief import LoadedBrief, Overrides
    from campaign.recipients import Recipients
    from campaign.submission.draft import Tally
    from campaign.submission.plan import Estimate
    from campaign.submission.submit import Submission
    from storage.records import Campaign


def beside(recipients: str) -> Path | None:
    """`campaign.toml` beside the recipients file, if there is one."""
    if recipients == "-" or "://" in recipients:
        return None
    path = Path(recipients).parent / "campaign.toml"
    return path if path.is_file() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitOptions:
    """What the command line says, typed: one field an option."""

    brief: Path | None
    campaign_id: CampaignId | None
    new: bool
    template: Path | None
    preset: str | None
    model: str | None
    suppress: tuple[Path, ...]
    on_error: str | None
    duplicates: str | None
    purpose: str | None
    lane: str | None
    unmatched_lists: str | None
    id_column: str | None
    locale_column: str | None
    encoding: str
    delimiter: str
    sheet: str | None
    dry_run: bool
    show: int
    allow_slow: bool
    hold: bool
    start_at: str | None
    timezone: str | None
    wait: bool | None
    """None: where this command does the work itself."""
    as_json: bool

    def overrides(self) -> Overrides:
        """What it says over the brief."""
        from campaign.brief import Overrides

        return Overrides(
            template=self.template,
            preset=self.preset,
            model=self.model,
            suppress=self.suppress,
            on_error=self.on_error,
            duplicates=self.duplicates,
            purpose=self.purpose,
            lane=self.lane,
            unmatched_lists=self.unmatched_lists,
            timezone=self.timezone,
            id_column=self.id_column,
            locale_column=self.locale_column,
        )

    @property
    def read_as(self) -> ReadAs:
        """How the file is read."""
        return ReadAs(encoding=self.encoding, delimiter=self.delimiter, sheet=self.sheet)


@click.command("submit")
@click.argument("recipients")
@click.option(
    "--brief", type=click.Path(path_type=Path), help="The brief; by default campaign.toml beside the file."
)
@click.option(
    "--id", "campaign_id", type=CAMPAIGN_ID, help="The campaign's id; by default a digest of brief and file."
)
@click.option("--new", is_flag=True, help="Make another campaign even if this content was submitted before.")
@click.option("--template", type=click.Path(path_type=Path), help="One template for every locale.")
@click.option("--preset", help="The voice, name@version.")
@click.option("--model", help="A pin or a channel.")
@click.option(
    "--suppress",
    multiple=True,
    type=click.Path(path_type=Path),
    help="An opt-out list: ids that get nothing.",
)
@click.option(
    "--unmatched-lists",
    type=click.Choice(["error", "allow"]),
    help="What an opt-out list means of which no id is in the file.",
)
@click.option("--on-error", type=click.Choice(["skip", "reject"]), help="What bad rows mean for the others.")
@click.option(
    "--duplicates", type=click.Choice(["error", "keep-first", "keep-all"]), help="Rows with the same id."
)
@click.option("--purpose", type=click.Choice(["commercial", "non-commercial", "research"]))
@click.option("--lane", type=click.Choice(["preview", "bulk"]), help="How urgent it is.")
@click.option("--id-column", help="The column that says who a row is.")
@click.option("--locale-column", help="The column with a row's language; '' for none.")
@reading_options
@click.option("--dry-run", is_flag=True, help="Count, estimate and show every bad row; submit nothing.")
@click.option(
    "--show",
    default=SHOWN,
    show_default=True,
    type=click.IntRange(0, MOST_SHOWN),
    help="With --dry-run: how many rows are shown as they will be said, the riskiest, at least one of each language.",
)
@click.option("--allow-slow", is_flag=True, help="Compose text even where the fast decoder cannot run.")
@click.option("--hold", is_flag=True, help="Submit, but start only when `campaign resume` says so.")
@click.option(
    "--start-at",
    metavar="TIME",
    help="Hold it until then: ISO 8601 with an offset, or in --timezone. Without workers elsewhere this command waits.",
)
@click.option(
    "--timezone", help="Time zone (IANA) of times that say none: of --start-at, not_before, not_after."
)
@click.option("--wait/--no-wait", default=None, help="With workers elsewhere: follow until it is done.")
@json_option
@options_as(SubmitOptions)
def submit_command(recipients: str, options: SubmitOptions) -> None:
    """Make one audio file per recipient of RECIPIENTS.

    RECIPIENTS is a CSV file with any separator, a spreadsheet (xlsx, xls, ods), JSON Lines or a JSON array, also
    packed (.gz, .zip), `-` or s3://bucket/key. The same command again resumes what was interrupted, or returns what is
    finished.
    """
    from campaign.brief import load_brief
    from campaign.submission.preflight import file_notices, notices

    if options.hold and options.start_at:
        raise click.UsageError("--hold waits for `campaign resume`, --start-at for a time: give one of them")
    loaded = load_brief(
        options.brief or beside(recipients), options.overrides(), defaults=read_settings().defaults
    )
    start_at_ms = _start_ms(options.start_at, loaded)
    noticed = [*file_notices(loaded), *notices(loaded.brief)]
    for notice in noticed:
        tell("note: ", fg="yellow", nl=False, err=True)
        tell(notice, err=True)
    with opened() as installation:
        with opened_file(recipients, options.read_as, fetch=fetcher(installation)) as source:
            if options.dry_run:
                tally, counted = _dry_run(installation, source, loaded, options, start_at_ms)
                show_estimate(tally, counted, source.label, noticed, as_json=options.as_json)
                return
            submission = _submit(installation, source, loaded, options, start_at_ms)
        if not options.as_json:
            show_found(submission.tally, source.label)
            show_problems(submission.tally, source.label)
            show_opt_outs(submission.tally)
            show_text_counts(submission.tally)
        _carry_on(installation, submission, wait=options.wait, as_json=options.as_json)


@contextlib.contextmanager
def _progress(source: Recipients, *, quiet: bool) -> Iterator[SubmitProgress]:
    """Shows how the rows come in and, where bad ones stop everything, which they are."""
    from campaign.submission.submit import RowErrorsFound

    try:
        with SubmitProgress(source.label, quiet=quiet) as progress:
            yield progress
    except RowErrorsFound as exc:
        show_problems(exc.tally, source.label)
        raise


def _start_ms(written: str | None, loaded: LoadedBrief) -> int | None:
    """The time of `--start-at`, as the database counts."""
    from campaign.times import milliseconds, moment

    if written is None:
        return None
    try:
        return milliseconds(moment(written, loaded.brief.timezone))
    except ValueError as exc:
        raise click.BadParameter(f"{exc}.", param_hint="--start-at") from exc


def _dry_run(
    installation: Installation,
    source: Recipients,
    loaded: LoadedBrief,
    options: SubmitOptions,
    start_at_ms: int | None,
) -> tuple[Tally, Estimate]:
    from campaign.submission.estimate import dry_run

    with _progress(source, quiet=options.as_json) as progress:
        return dry_run(
            installation,
            source,
            loaded,
            campaign_id=options.campaign_id,
            new=options.new,
            allow_slow=options.allow_slow,
            progress=progress,
            start_at_ms=start_at_ms,
            show=options.show,
        )


def _submit(
    installation: Installation,
    source: Recipients,
    loaded: LoadedBrief,
    options: SubmitOptions,
    start_at_ms: int | None,
) -> Submission:
    from campaign.submission.submit import submit

    with _progress(source, quiet=options.as_json) as progress:
        return submit(
            installation,
            source,
            loaded,
            actor=actor(),
            campaign_id=options.campaign_id,
            new=options.new,
            start=not options.hold,
            start_at_ms=start_at_ms,
            allow_slow=options.allow_slow,
            progress=progress,
        )


def fetcher(installation: Installation) -> Callable[[str], bytes]:
    """Reads an s3:// recipients file with the installation's credentials."""
    from storage.objects import open_store

    def fetch(url: str) -> bytes:
        bucket, _, key = url.removeprefix("s3://").partition("/")
        if not key:
            raise RecipientsError(f"{url} names no object. Write s3://bucket/key.")
        store = open_store(f"s3://{bucket}", s3=installation.s3_options)
        try:
            return store.get(key)
        finally:
            store.close()

    return fetch


def _carry_on(
    installation: Installation, submission: Submission, *, wait: bool | None, as_json: bool
) -> None:
    """Work in the foreground, or ring for workers elsewhere; then say where everything is."""
    from campaign.cli.status import exit_of, finish_line, status_document
    from campaign.operations.foreground import look, report_if_due, watch_until_done, work_until_done

    campaign = submission.campaign
    embedded = installation.settings.is_embedded
    if embedded or wait:
        campaign = await_start(installation, campaign)
    if campaign.state == CampaignState.RUNNING:
        if not embedded:
            ring(installation, campaign.lane)
        if embedded or wait:
            follow = work_until_done if embedded else watch_until_done
            with WorkProgress(quiet=as_json) as progress:
                campaign = follow(installation, campaign.id, progress.show)
    report_if_due(installation, campaign.id)
    campaign, counts = look(installation, campaign.id)
    if as_json:
        print_json(
            status_document(installation, campaign, counts)
            | {
                "new": submission.is_new,
                "preflight": text_counts(submission.tally) | problems_document(submission.tally),
            }
        )
    else:
        finish_line(installation, campaign, counts, is_new=submission.is_new)
    if code := exit_of(campaign):
        raise click.exceptions.Exit(code)


def await_start(installation: Installation, campaign: Campaign) -> Campaign:
    """Where a campaign is held until a time, wait for it and start it; the campaign as it is then."""
    from campaign.operations.foreground import wait_for_start
    from campaign.times import of_milliseconds

    if not campaign.waits_for_its_time:
        return campaign
    tell(
        f"{campaign.id} is held until {of_milliseconds(campaign.t_start_ms or 0)}, and this command waits. Ctrl-C "
        f"leaves it held; the same command goes on, `campaign resume {campaign.id}` starts it at once",
        err=True,
    )
    return wait_for_start(installation, campaign.id)


def ring(installation: Installation, lane: Lane) -> None:
    """Tell workers elsewhere; nothing is lost when nobody hears."""
    from workers.doorbell import WINDOW, open_bell

    open_bell(installation).ring(lane, WINDOW)
