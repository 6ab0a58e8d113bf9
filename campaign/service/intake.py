"""Uploads: kept on disk, acknowledged, read by a child process, and read again after a restart.

    expected -> uploaded (acknowledged) -> reading -> read | refused

The text front end runs in the child, so that neither memory nor other requests feel a large file. One upload is
read at a time; `submit` itself goes on where it was when it is given the same content again.
"""

from __future__ import annotations

import logging
import multiprocessing
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from campaign.brief import read_brief
from campaign.errors import CampaignError, RecipientsError
from campaign.operations import control
from campaign.operations.personal_data import forget_leftovers
from campaign.operations.uploads import UploadFolder, UploadKind
from campaign.recipients import open_recipients
from campaign.recipients.encodings import AUTOMATIC
from campaign.registry.shipped import open_installation
from campaign.submission.draft import Tally, discard_draft
from campaign.submission.submit import RowErrorsFound, submit
from storage.errors import NameRefusedError, RecordMissingError, StorageError, UnstorableTextError
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.service import intakes
from storage.service.intakes import Found, FoundFault, FoundProblem, Intake
from storage.settings import Settings
from storage.tables import CampaignState, IntakeState, Lane
from workers.errors import WorkerError

log = logging.getLogger(__name__)

TELL_EVERY_S = 0.5
SHOWN_PROBLEMS = 100
UNNAMED = "recipients"
"""What a file is called that came without a name."""
TRY_AGAIN = 75
"""EX_TEMPFAIL: the database could not be used just now, or another service on this home reads it."""
AGAIN_AFTER_S = 5.0
OF_THE_UPLOAD = (CampaignError, WorkerError, NameRefusedError, RecordMissingError, UnstorableTextError)
"""What another reading would meet again."""


class IntakeReader:
    """Reads uploads, one after the other, each in a child process."""

    def __init__(self, installation: Installation, *, started: Callable[[CampaignId, Lane], None]) -> None:
        """`started` is told of every campaign that begins to run."""
        self.uploads = UploadFolder(installation.settings)
        self._installation = installation
        self._started = started
        self._waiting: queue.SimpleQueue[CampaignId | None] = queue.SimpleQueue()
        self._child: BaseProcess | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)

    def start(self) -> None:
        """Begin with what was acknowledged before."""
        with self._installation.database.read() as connection:
            for campaign_id in intakes.unread(connection):
                self._waiting.put(campaign_id)
            for campaign_id in self.uploads.campaigns():
                intake = intakes.find(connection, campaign_id)
                if intake is None or intake.state == IntakeState.READ:
                    self.uploads.forget(campaign_id)
        forget_leftovers(self._installation)
        self._thread.start()

    def stop(self) -> None:
        """Leave the upload that is being read to the next start. Idempotent."""
        self._stopping.set()
        self._waiting.put(None)
        child = self._child
        if child is not None:
            child.terminate()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def read(self, campaign_id: CampaignId) -> None:
        """Read it as soon as may be."""
        self._waiting.put(campaign_id)

    def _run(self) -> None:
        while (campaign_id := self._waiting.get()) is not None and not self._stopping.is_set():
            try:
                self._read(campaign_id)
            except (StorageError, CampaignError, OSError) as exc:
                log.warning("the upload of %s waits for the next start: %s", campaign_id, exc)
            except Exception:  # the next upload is somebody else's
                log.exception("the upload of %s waits for the next start", campaign_id)

    def _read(self, campaign_id: CampaignId) -> None:
        context = multiprocessing.get_context("spawn")
        child = context.Process(
            target=read_upload, args=(self._installation.settings, campaign_id), name="intake"
        )
        self._child = child
        child.start()
        child.join()
        self._child = None
        if self._stopping.is_set():
            return
        self._settle(campaign_id, child.exitcode or 0)

    def _settle(self, campaign_id: CampaignId, exit_code: int) -> None:
        """What a reading leaves: an answer, and nothing on disk that no longer counts. Held against another upload."""
        if exit_code == TRY_AGAIN:
            self._stopping.wait(AGAIN_AFTER_S)
            self._waiting.put(campaign_id)
            return
        if exit_code:
            with self._installation.database.read() as connection:
                campaign = campaign_rows.find(connection, campaign_id)
            if campaign is not None and campaign.state != CampaignState.DRAFT:
                self._waiting.put(
                    campaign_id
                )  # it died after its work: the next look finds the campaign whole
                return
            if campaign is not None:
                discard_draft(self._installation.database, campaign_id)
        with self._installation.database.write() as connection:
            intake = intakes.find(connection, campaign_id, lock=True)
            if (
                intake is not None
                and exit_code
                and intake.state in (IntakeState.UPLOADED, IntakeState.READING)
            ):
                problem = f"the process that read it {ended_how(exit_code)}. Upload it again, or in parts."
                intakes.refuse(connection, campaign_id, problem=problem)
                intake = intakes.find(connection, campaign_id)
            if intake is None or intake.state == IntakeState.READ:
                self.uploads.forget(campaign_id)
            elif intake.state == IntakeState.REFUSED:
                self.uploads.forget(campaign_id, UploadKind.RECIPIENTS)
        if intake is not None and intake.state == IntakeState.READ and intake.starts:
            self._started(campaign_id, control.find_campaign(self._installation, campaign_id).lane)


def ended_how(exit_code: int) -> str:
    """How a child process ended, for people."""
    if exit_code >= 0:
        return f"ended with {exit_code}"
    name = signal.Signals(-exit_code).name if -exit_code in set(signal.Signals) else f"signal {-exit_code}"
    return f"was killed by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")


def read_upload(settings: Settings, campaign_id: CampaignId) -> None:
    """In the child: make a campaign of an upload, or say why there is none."""
    installation = open_installation(settings)
    try:
        with UploadFolder(settings).reading(campaign_id) as ours:
            if not ours:
                sys.exit(TRY_AGAIN)
            with installation.database.write() as connection:
                intake = intakes.find(connection, campaign_id, lock=True)
                if intake is None or intake.state not in (IntakeState.UPLOADED, IntakeState.READING):
                    return
                intakes.begin_reading(connection, campaign_id)
            _read_whole(installation, intake)
    except StorageError as exc:  # not the upload's fault: it is read again
        log.warning("the upload of %s waits: %s", campaign_id, exc)
        sys.exit(TRY_AGAIN)
    finally:
        installation.close()


def _read_whole(installation: Installation, intake: Intake) -> None:
    """Submit it, and say how that ended."""
    try:
        tally = _submitted(installation, intake)
    except OF_THE_UPLOAD as exc:
        found = preflight_of(exc.tally) if isinstance(exc, RowErrorsFound) else None
        with installation.database.write() as connection:
            intakes.refuse(connection, intake.campaign_id, problem=str(exc), preflight=found)
        return
    problem = None
    if intake.starts:
        try:
            control.resume(installation, intake.campaign_id, actor=intake.actor)
        except CampaignError as exc:  # the campaign is there, whole, and waits
            problem = f"it was read and not started: {exc}"
    with installation.database.write() as connection:
        intakes.end_reading(connection, intake.campaign_id, preflight=preflight_of(tally), problem=problem)


def _submitted(installation: Installation, intake: Intake) -> Tally:
    uploads = UploadFolder(installation.settings)
    listed = intake.suppression_sha256
    lists = [uploads.place(intake.campaign_id, UploadKind.SUPPRESSION, listed)] if listed else []
    loaded = read_brief(intake.brief, label="the brief", folder=None, lists=lists)
    if list(loaded.brief.suppress) != ([listed] if listed else []):
        raise RecipientsError(
            "the opt-out list is not what was uploaded. Upload it and the recipients again."
        )
    acknowledged = intake.upload_sha256 or ""
    place = uploads.place(intake.campaign_id, UploadKind.RECIPIENTS, acknowledged)
    with open_recipients(
        str(place),
        encoding=intake.encoding or AUTOMATIC,
        separator=intake.delimiter or "",
        sheet=intake.sheet,
        label=intake.file_name or UNNAMED,
    ) as source:
        if source.sha256 != acknowledged:
            raise RecipientsError(
                "the file is not what was uploaded: it was changed or damaged. Upload it again."
            )
        submission = submit(
            installation,
            source,
            loaded,
            actor=intake.actor,
            campaign_id=intake.campaign_id,
            start=False,
            progress=_IntakeProgress(installation, intake.campaign_id),
        )
    return submission.tally


class _IntakeProgress:
    """Keeps how far a reading is in the database, now and then."""

    def __init__(self, installation: Installation, campaign_id: CampaignId) -> None:
        self._installation = installation
        self._campaign_id = campaign_id
        self._next_s = 0.0

    def rows_read(self, rows: int, share: float | None) -> None:
        """So many rows are in."""
        now = time.monotonic()
        if now < self._next_s:
            return
        self._next_s = now + TELL_EVERY_S
        with self._installation.database.write() as connection:
            intakes.note_progress(connection, self._campaign_id, rows=rows, share=share)


def preflight_of(tally: Tally) -> Found:
    """What was found: counts, and the first problems with row, column, reason and mend."""
    return Found(
        rows=tally.rows,
        by_outcome=dict(tally.by_outcome),
        by_language=dict(tally.by_language),
        by_voice=tally.rows_by_voice,
        by_type=dict(tally.by_type),
        by_warning=dict(tally.by_warning),
        problems=[
            FoundProblem(
                row=problem.row,
                field=problem.error.column,
                code=problem.error.code,
                reason=problem.error.reason,
                mend=problem.error.mend,
            )
            for problem in tally.problems[:SHOWN_PROBLEMS]
        ],
        duplicates=[{"row": row, "first": first} for row, first in tally.duplicates],
        opt_outs=[met.document for met in tally.opt_outs],
        found=tally.found,
        notes=list(tally.notes),
        faults=[
            FoundFault(
                code=fault.error.code,
                column=fault.error.column,
                rows=fault.rows,
                first_row=fault.first_row,
                reason=fault.error.reason,
                mend=fault.error.mend,
            )
            for fault in tally.faults.told
        ],
    )
