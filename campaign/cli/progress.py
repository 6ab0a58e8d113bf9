"""Progress on long work: a bar with rate and time to go, on stderr, only where a person looks on."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from campaign.cli.terminal import tell
from storage import records
from storage.records import Campaign
from workers.printable import printable


class _Rate(ProgressColumn):
    """Rows a second, since the start."""

    def render(self, task: Task) -> Text:
        rows = task.fields.get("rows", task.completed)
        speed = rows / task.elapsed if task.elapsed else None
        return Text("" if speed is None else f"{speed:,.0f} rows/s", style="cyan")


class _Bar:
    """A rich progress bar that is silent when nobody looks."""

    def __init__(self, *columns: ProgressColumn, quiet: bool) -> None:
        console = Console(stderr=True, markup=False, highlight=False)
        self._watched = sys.stderr.isatty() and not quiet
        self._progress = Progress(*columns, console=console, disable=not self._watched)

    def __enter__(self) -> _Bar:
        if self._watched:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the last state on the screen. Idempotent."""
        if self._watched:
            self._progress.stop()


class SubmitProgress(_Bar):
    """Rows read, composed and written."""

    def __init__(self, label: str, *, quiet: bool) -> None:
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[rows]:,} rows", markup=False),
            _Rate(),
            TimeRemainingColumn(),
            quiet=quiet,
        )
        self._task: TaskID = self._progress.add_task(f"reading {printable(label)}", total=1.0, rows=0)

    def __enter__(self) -> SubmitProgress:
        super().__enter__()
        return self

    def rows_read(self, rows: int, share: float | None) -> None:
        """So many rows are in."""
        self._progress.update(self._task, completed=share or 0.0, rows=rows)

    def close(self) -> None:
        """The file is read."""
        self._progress.update(self._task, completed=1.0)
        super().close()


class WorkProgress(_Bar):
    """Rows delivered."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            quiet=quiet,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> WorkProgress:
        super().__enter__()
        return self

    def show(self, campaign: Campaign, counts: records.Progress) -> None:
        """The campaign as it is now."""
        words = campaign.state.replace("_", " ")
        if counts.errors:
            words += f", {counts.errors} failed"
        if self._task is None:
            self._task = self._progress.add_task(words, total=counts.rows)
        self._progress.update(
            self._task, description=words, completed=counts.rows - counts.open_rows, total=counts.rows
        )

    def heard(self, done: int, total: int) -> None:
        """So many of what was made were listened to."""
        if self._task is None:
            self._task = self._progress.add_task("listening", total=total)
        self._progress.update(self._task, description="listening", completed=done, total=total)


class FetchProgress(_Bar):
    """Files on their way, each with its bytes; sources that are passed over are told as they are."""

    def __init__(self, *, quiet: bool, tells_refusals: bool = True) -> None:
        """`tells_refusals`: say why a source was passed over."""
        self._tells_refusals = tells_refusals
        super().__init__(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            quiet=quiet,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> FetchProgress:
        super().__enter__()
        return self

    def arriving(self, what: str, done_bytes: int, total_bytes: int) -> None:
        """So much of one file has come."""
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(printable(what), total=total_bytes)
        self._progress.update(self._tasks[what], completed=done_bytes)

    def passed_over(self, what: str, why: str) -> None:
        """A source gave nothing; the next one is tried."""
        if self._tells_refusals:
            tell(f"passed over: {what}: {why}", err=True)

    def waiting(self, for_what: str) -> None:
        """Another process is at it."""
        tell(f"another process fetches {for_what}: waiting for it", err=True)
