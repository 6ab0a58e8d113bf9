"""`campaign review`: hear what is held and what stands out, accept or reject, make rejected files again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import click

from campaign.cli import exits
from campaign.cli.progress import WorkProgress
from campaign.cli.shared import CAMPAIGN_ID, actor, json_option, opened, print_json
from campaign.cli.status import files_for_ears
from campaign.cli.terminal import tell
from campaign.operations.control import find_campaign
from storage.names import CampaignId

if TYPE_CHECKING:
    from campaign.rerender.review import ToHear

HEARD = "heard"
ROWS = click.IntRange(min=1)


@click.command("review")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option("--accept", "accepted", multiple=True, type=ROWS, help="A row whose file is good.")
@click.option("--reject", "rejected", multiple=True, type=ROWS, help="A row whose file is not.")
@click.option("--reason", default="", help="Why; stays in the database.")
@click.option(
    "--sample", default=10, show_default=True, type=click.IntRange(0, 1000), help="Files picked at random."
)
@click.option("--remake", is_flag=True, help="Make rejected files again, with the next take.")
@click.option(
    "--best-of",
    default=1,
    show_default=True,
    type=click.IntRange(1, 10),
    help="With --remake: takes to make; of those that pass the checks, the one most like the others is kept.",
)
@click.option("--listen", is_flag=True, help="Play each file and ask.")
@json_option
def review_command(
    campaign_id: CampaignId,
    accepted: tuple[int, ...],
    rejected: tuple[int, ...],
    reason: str,
    sample: int,
    remake: bool,
    best_of: int,
    listen: bool,
    as_json: bool,
) -> None:
    """The files of CAMPAIGN_ID to listen to: those that are held, those that stand out, and a random sample.

    A held file was misheard, or could not be judged, and is delivered when it is accepted. --accept and --reject keep
    verdicts; --remake makes rejected ones again as new versions.
    """
    from campaign.operations.foreground import report_if_due
    from campaign.rerender.review import queue, record_verdicts, remake_rejected

    with opened() as installation:
        campaign = find_campaign(installation, campaign_id)
        if listen:
            judged = _listen(queue(installation, campaign_id, sample=sample))
            accepted, rejected = (*accepted, *judged[0]), (*rejected, *judged[1])
        if accepted or rejected:
            record_verdicts(
                installation, campaign, accepted=accepted, rejected=rejected, reason=reason, actor=actor()
            )
            report_if_due(installation, campaign_id)
        remade = []
        if remake:
            with WorkProgress(quiet=as_json) as progress:
                remade = remake_rejected(installation, campaign, best_of=best_of, watch=progress.show)
        waiting = queue(installation, campaign_id, sample=sample)
        held = files_for_ears(installation, campaign_id)
    if as_json:
        print_json(
            {
                "held": held,
                "queue": [asdict(row) for row in waiting],
                "remade": [asdict(row) for row in remade],
            }
        )
    else:
        for file in remade:
            if file.opted_out:
                tell(f"row {file.row} stays as it is: the person opted out since", fg="yellow")
                continue
            outcome = f"version {file.version}" if file.version else "no take passed the checks"
            tell(f"row {file.row} made again: {outcome} ({file.takes} of {best_of} takes passed)")
        if held:
            tell(
                f"{'1 file is' if held == 1 else f'{held:,} files are'} held, and delivered once accepted: "
                f"campaign review {campaign_id} --accept ROW",
                fg="yellow",
            )
        for todo in waiting:
            _show(todo)
        if not waiting:
            tell("nothing is left to listen to")
    if any(file.version is None and not file.opted_out for file in remade):
        raise click.exceptions.Exit(exits.FINISHED_WITH_ERRORS)


def _show(todo: ToHear) -> None:
    """One file, and of a held one each sentence that was not heard as it was to be said."""
    tell(f"row {todo.row:<7} {todo.duration_s:7.1f} s  {todo.why}", bold=bool(todo.held))
    for sentence in todo.sentences:
        if sentence.verdict == HEARD:
            continue
        tell(f"    at {sentence.at_s:6.1f} s  said   {sentence.said}")
        mishap = (
            f"  ({' '.join(filter(None, (sentence.mishap, sentence.language)))})" if sentence.mishap else ""
        )
        tell(f"                 heard  {sentence.heard or 'could not be judged'}{mishap}")
        for one in sentence.stretches:
            what = (
                " ".join(word for word in dict.fromkeys((one.kind, one.column)) if word)
                or "words of the template"
            )
            weight = "" if one.nats is None else f" ({one.nats:+.1f} nats)"
            tell(
                f"    at {one.at_s:6.1f} s  {what}: {one.said or 'nothing'} -> {one.heard or 'nothing'}{weight}"
            )
    tell(f"            {todo.url}")


def _listen(waiting: Sequence[ToHear]) -> tuple[list[int], list[int]]:
    from pathlib import Path

    from campaign.cli.preview import play_file

    accepted: list[int] = []
    rejected: list[int] = []
    for file in waiting:
        _show(file)
        place = urlsplit(file.url)
        if place.scheme == "file":
            play_file(Path(unquote(place.path)))
        answer = click.prompt("  accept, reject, skip or quit", type=click.Choice(["a", "r", "s", "q"]))
        if answer == "q":
            break
        if answer != "s":
            (accepted if answer == "a" else rejected).append(file.row)
    return accepted, rejected
