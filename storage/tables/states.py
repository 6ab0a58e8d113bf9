"""The states that campaigns and rows pass through, and the lanes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class CampaignState(StrEnum):
    """Where a campaign is; moves are guarded by `storage.queue.campaigns.move`."""

    DRAFT = "draft"
    """Rows are being written; no worker sees it."""
    VALIDATED = "validated"
    """Every row is in and was checked; waits for `resume`."""
    RUNNING = "running"
    """Its rows are claimed, made and stored."""
    PAUSED = "paused"
    """Nothing is claimed and nothing becomes stored; `state_reason` says why."""
    FINISHED = "finished"
    """Every row is terminal and none failed."""
    FINISHED_WITH_ERRORS = "finished_with_errors"
    """Every row is terminal and at least one failed or was quarantined."""
    CANCELLED = "cancelled"
    """Ended by a person before its rows were; what was delivered stays."""


class RowStatus(StrEnum):
    """Where a work row is, an asset or an utterance. All but the first two are terminal; `ROW_MOVES` has the moves."""

    PENDING = "pending"
    """Waiting: for a worker, for the utterances it is made of, or for the end of a delay."""
    CLAIMED = "claimed"
    """In a worker's hands until the lease runs out."""
    STORED = "stored"
    """Made: the sound, or the file, is in the object store."""
    FAILED = "failed"
    """It cannot be made as it was asked for; `code` says why."""
    QUARANTINED = "quarantined"
    """It killed its worker when claimed alone, more than once."""
    SUPPRESSED = "suppressed"
    """Never to be made: on an opt-out list, of the campaign or the installation, or a duplicate; `code` says which."""
    CANCELLED = "cancelled"
    """Not made before its campaign was cancelled."""
    ERASED = "erased"
    """Personal data was removed on request; the tombstone stays."""


class SuppressionChange(StrEnum):
    """What was done to the installation's list."""

    ADDED = "added"
    """Nobody speaks to this person from now on."""
    REMOVED = "removed"
    """Campaigns that are submitted from now on may."""


FIRST_STATUSES = frozenset({RowStatus.PENDING, RowStatus.FAILED, RowStatus.SUPPRESSED})
"""What a row may be written as: an utterance is always pending, an asset whatever became of the recipient's text."""

ROW_MOVES: Mapping[RowStatus, frozenset[RowStatus]] = {
    RowStatus.PENDING: frozenset(
        {
            RowStatus.CLAIMED,  # leases.claim, claim_suspects
            RowStatus.FAILED,  # utterances.fail_dependents: an asset, for one of its utterances
            RowStatus.QUARANTINED,  # the same
            RowStatus.SUPPRESSED,  # suppressions.stop, stop_everywhere: an asset whose person opted out
            RowStatus.STORED,  # the same, of one that was to be made again: it keeps what was delivered
            RowStatus.CANCELLED,  # campaigns.move
            RowStatus.ERASED,
        }
    ),
    RowStatus.CLAIMED: frozenset(
        {
            RowStatus.PENDING,  # leases.release, release_all, postpone, expire, suspect; assets.wait_again
            RowStatus.STORED,  # utterances.store, assets.store
            RowStatus.FAILED,  # utterances.fail, assets.fail
            RowStatus.QUARANTINED,  # leases.expire, suspect
            RowStatus.SUPPRESSED,  # suppressions.stop_everywhere, stop_claimed
            RowStatus.CANCELLED,  # campaigns.move
            RowStatus.ERASED,
        }
    ),
    RowStatus.STORED: frozenset(
        {
            RowStatus.PENDING,  # a next version, or sound that is gone: remake, reviews, utterances.reopen
            RowStatus.ERASED,
        }
    ),
    RowStatus.FAILED: frozenset(
        {
            RowStatus.PENDING,  # campaigns.reopen_rows, demand.reopen_broken; amendments.replace: it was refused
            RowStatus.SUPPRESSED,  # amendments.replace: refused, and its person opted out before it was mended
            RowStatus.STORED,  # reviews.choose: an earlier take, when the newest could not be made
            RowStatus.ERASED,
        }
    ),
    RowStatus.QUARANTINED: frozenset(
        {RowStatus.PENDING, RowStatus.STORED, RowStatus.ERASED}
    ),  # as failed in sound
    RowStatus.SUPPRESSED: frozenset({RowStatus.ERASED}),
    RowStatus.CANCELLED: frozenset({RowStatus.ERASED}),
    RowStatus.ERASED: frozenset(),
}
"""The work row's state machine. The moves are guards in SQL, one in each function named; a test tries every function
on a row of every status and holds what moved against this table. `erasure.erase_rows` erases from anywhere."""

OPEN_ROWS = (RowStatus.PENDING, RowStatus.CLAIMED)
"""Work is still to be done on them."""
BROKEN_ROWS = (RowStatus.FAILED, RowStatus.QUARANTINED)
"""Ended without what was asked for; `retry` opens them again."""
REMAKEABLE_ROWS = (RowStatus.STORED, *BROKEN_ROWS)
"""Ended, with a plan: a next version may be asked for."""


class Lane(StrEnum):
    """How urgent work is."""

    PREVIEW = "preview"
    """Somebody waits for it: served first."""
    BULK = "bulk"
    """Served when no preview waits."""


LANE_RANK = {Lane.PREVIEW: 0, Lane.BULK: 1}
"""Lower is more urgent."""


class IntakeState(StrEnum):
    """Where an upload is on its way to a campaign; moves are guarded by `storage.service.intakes.change`."""

    EXPECTED = "expected"
    """The brief is here, the recipients are not."""
    UPLOADED = "uploaded"
    """Acknowledged: it is read now, or after the next start."""
    READING = "reading"
    """A child process reads it, or did when the service stopped."""
    READ = "read"
    """There is a campaign of it."""
    REFUSED = "refused"
    """There is none; `problem` says why, and another file may be uploaded."""


INTAKE_MOVES: Mapping[IntakeState, frozenset[IntakeState]] = {
    IntakeState.EXPECTED: frozenset({IntakeState.UPLOADED}),
    IntakeState.UPLOADED: frozenset({IntakeState.READING, IntakeState.REFUSED}),
    IntakeState.READING: frozenset({IntakeState.READ, IntakeState.REFUSED}),
    IntakeState.REFUSED: frozenset({IntakeState.EXPECTED, IntakeState.UPLOADED}),
    IntakeState.READ: frozenset(),
}
"""Refused before it is read: the child died at once. Expected again: with another brief."""
