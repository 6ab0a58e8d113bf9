"""What reading recipients found, for people: what the file is, bad rows, opt-outs, counts, what will be said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from campaign.cli.shared import print_json
from campaign.cli.terminal import tell

SHOWN_FAULTS = 10
SHOWN_DOUBLES = 3

if TYPE_CHECKING:
    from campaign.submission.draft import Tally
    from campaign.submission.faults import RowFault
    from campaign.submission.plan import Estimate


def show_found(tally: Tally, label: str) -> None:
    """What the file turned out to be, what of it was left out, and what the header stage passed over."""
    if tally.found:
        tell(f"{label}: {tally.found}")
    for note in tally.notes:
        tell("note: ", fg="yellow", nl=False, err=True)
        tell(note, err=True)


def problems_document(tally: Tally) -> dict[str, Any]:
    """What is the matter with rows, and the first bad ones and doubles, for programs."""
    return {
        "faults": [
            {
                "column": fault.error.column,
                "code": fault.error.code,
                "rows": fault.rows,
                "first_row": fault.first_row,
                "reason": fault.error.reason,
                "mend": fault.error.mend,
            }
            for fault in tally.faults.told
        ],
        "problems": [
            {
                "row": problem.row,
                "column": problem.error.column,
                "code": problem.error.code,
                "reason": problem.error.reason,
                "mend": problem.error.mend,
            }
            for problem in tally.problems
        ],
        "duplicates": [{"row": row, "first_row": first} for row, first in tally.duplicates],
    }


def show_problems(tally: Tally, label: str, *, listed: str | None = None) -> None:
    """Each fault once, to stderr: file, first row, column, code, reason, mend, rows.

    `listed` says where all rows are, if not in their list.
    """
    from campaign.results.row_lists import ERRORS

    listed = listed or f"all are in {tally.folder / ERRORS if tally.folder else ERRORS}"
    shown = tally.faults.told[:SHOWN_FAULTS]
    for fault in shown:
        error = fault.error
        place = f"{label}, row {fault.first_row}" + (f", column {error.column}" if error.column else "")
        tell(f"{place}: {error.code}: ", fg="yellow", nl=False, err=True)
        tell(f"{error.reason}. {error.mend[:1].upper()}{error.mend[1:]}.{_rows_like_it(fault)}", err=True)
    bad = tally.by_outcome.get("failed", 0)
    rest = bad - sum(fault.rows for fault in shown)
    if rest > 0:
        further = len(tally.faults) - len(shown)
        told = f"{further:,} more faults, in {rest:,} rows" if further else f"{rest:,} more rows"
        tell(f"... and {told}; {listed}", err=True)
    elif bad > len(shown):
        tell(f"{bad:,} bad rows; {listed}", err=True)
    for row, first in tally.duplicates[:SHOWN_DOUBLES]:
        tell(f"{label}, row {row}: the same id as row {first}", err=True)
    if tally.doubled > SHOWN_DOUBLES:
        tell(f"... and {tally.doubled - SHOWN_DOUBLES:,} more rows whose id came before", err=True)


def _rows_like_it(fault: RowFault) -> str:
    further = fault.rows - 1
    if further > 1:
        return f" The same fault in {further:,} more rows, to row {fault.last_row}."
    return f" The same fault in row {fault.last_row}." if further else ""


def show_opt_outs(tally: Tally) -> None:
    """What each opt-out list held and met; the installation's where it holds anybody."""
    from campaign.submission.opt_outs import INSTALLATION

    for met in tally.opt_outs:
        if met.lines or met.list != INSTALLATION:
            tell(str(met))


def text_counts(tally: Tally) -> dict[str, dict[str, int]]:
    """What the text front end met, by language, voice, type and warning."""
    return {
        "by_language": dict(tally.by_language),
        "by_voice": tally.rows_by_voice,
        "by_type": dict(tally.by_type),
        "by_warning": dict(tally.by_warning),
    }


def show_text_counts(tally: Tally) -> None:
    """The same, for people."""
    for title, counts in zip(
        ("languages", "voices", "types", "warnings"), text_counts(tally).values(), strict=True
    ):
        if counts:
            listed = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            tell(f"{title:<16} {', '.join(f'{count:,} {name}' for name, count in listed)}")


def _show_rows(tally: Tally) -> None:
    """What will be said beside what was written, of the rows in which most can go wrong."""
    made = tally.by_outcome.get("pending", 0)
    if tally.shown:
        tell(
            f"shown            {len(tally.shown):,} of {made:,} rows to make, the riskiest of each language and voice"
        )
    for row in tally.shown:
        by = f", {row.voice}" if row.voice else ""
        tell(f"row {row.row} ({row.locale}{by})", bold=True, nl=False)
        tell(f"  {', '.join(row.why)}" if row.why else "")
        tell(f"  written  {' '.join(row.script.split())}")
        tell(f"  said     {row.spoken}")
        for warning in row.warnings:
            tell(f"  warning  {warning}", fg="yellow")


def _lists(tally: Tally) -> str | None:
    """Where the lists of a dry run lie; None where nothing was listed."""
    return str(tally.folder) if tally.folder is not None and tally.folder.is_dir() else None


def show_estimate(tally: Tally, counted: Estimate, label: str, noticed: list[str], *, as_json: bool) -> None:
    """What a campaign will take, after what was found in its rows."""
    from dataclasses import asdict

    if as_json:
        print_json(
            asdict(counted)
            | text_counts(tally)
            | {
                "saved_by_sharing": counted.saved_by_sharing,
                "opt_outs": [met.document for met in tally.opt_outs],
                **problems_document(tally),
                "shown": [asdict(row) for row in tally.shown],
                "results": _lists(tally),
                "found": tally.found,
                "notices": [*noticed, *tally.notes],
            }
        )
        return
    show_found(tally, label)
    show_problems(tally, label)
    rows = ", ".join(f"{count:,} {status}" for status, count in sorted(counted.rows_by_outcome.items()))
    tell(f"rows             {rows.replace('pending', 'to make')}")
    if lists := _lists(tally):
        tell(f"lists            {lists}")
    show_opt_outs(tally)
    show_text_counts(tally)
    _show_rows(tally)
    tell(f"utterances       {counted.utterances:,} distinct, {counted.utterances_cached:,} already made")
    tell(
        f"sound            {counted.seconds_to_make:,.0f} s to make for {counted.seconds_to_deliver:,.0f} s to deliver "
        f"({counted.saved_by_sharing:.0%} saved by sharing)"
    )
    if counted.expected_wall_s is None:
        tell("time and cost    unknown until this voice has made something here")
    else:
        tell(f"engine time      {counted.expected_wall_s:,.1f} s on one worker, as fast as earlier runs")
        tell(f"cost             {counted.expected_cost:.2f} {counted.currency}")
    _show_listening(counted)


def _show_listening(counted: Estimate) -> None:
    """Who will listen to the files before they are delivered, or why nobody will."""
    listening = counted.listening
    if not listening.recogniser:
        why_not = f": {listening.why_not}" if listening.why_not else ""
        tell(f"listening        nobody listens to the files{why_not}")
        return
    files = "all files" if listening.share == 1 else f"{100 * listening.share:.4g} % of the files"
    tell(
        f"listening        {listening.recogniser} hears {files}: at most {listening.seconds_to_hear:,.0f} s of sound, "
        f"{listening.cpu_seconds:,.0f} CPU s"
    )
    if listening.opinion:
        tell(f"opinions         {listening.opinion} rates them, {listening.opinion_cpu_seconds:,.0f} CPU s")
    if listening.line:
        tell(f"                 heard {listening.line}; {listening.second}")
    if listening.uncalibrated:
        voices = ", ".join(listening.uncalibrated)
        tell(f"calibration      none for {voices}, judged by what ships: {listening.calibrate}")
