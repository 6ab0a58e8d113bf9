"""The states that campaigns and rows pass through, and the lanes."""

from __future__ import annotations

from enum import StrEnum


class CampaignState(StrEnum):
    """Where a campaign is; moves are guarded by `storage.queue.campaigns.move`."""

    DRAFT = "draft"
    """Rows are being written; no worker sees it."""
    VALIDATED = "validated"
    """Every row is in and was checked; waits for `resume`."""
    QUEUED = "queued"
    """May be worked on from its start time."""
    RUNNING = "running"
    PAUSED = "paused"
    """Nothing is claimed and nothing becomes stored."""
    FINISHED = "finished"
    FINISHED_WITH_ERRORS = "finished_with_errors"
    """Every row is terminal and at least one failed."""
    CANCELLED = "cancelled"


class RowStatus(StrEnum):
    """Where a work row is. All but the first two are terminal."""

    PENDING = "pending"
    CLAIMED = "claimed"
    STORED = "stored"
    FAILED = "failed"
    """`code` says why."""
    QUARANTINED = "quarantined"
    """It killed its worker when claimed alone, more than once."""
    SUPPRESSED = "suppressed"
    """On a suppression list, or a duplicate; `code` says which."""
    CANCELLED = "cancelled"
    ERASED = "erased"
    """Personal data was removed on request; the tombstone stays."""


OPEN_ROWS = (RowStatus.PENDING, RowStatus.CLAIMED)
"""Work is still to be done on them."""
BROKEN_ROWS = (RowStatus.FAILED, RowStatus.QUARANTINED)
"""Ended without what was asked for; `retry` opens them again."""


class Lane(StrEnum):
    """How urgent work is. `preview` is served first."""

    PREVIEW = "preview"
    BULK = "bulk"


LANE_RANK = {Lane.PREVIEW: 0, Lane.BULK: 1}
"""Lower is more urgent."""


class IntakeState(StrEnum):
    """Where an upload is on its way to a campaign."""

    EXPECTED = "expected"
    """The brief is here, the recipients are not."""
    UPLOADED = "uploaded"
    """Acknowledged: it is read now, or after the next start."""
    READING = "reading"
    READ = "read"
    """There is a campaign of it."""
    REFUSED = "refused"
    """There is none; `problem` says why, and another file may be uploaded."""
