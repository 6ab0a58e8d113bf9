"""`campaign preset calibrate` and `campaign preset drift`: what listening makes of a voice, and the voice over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.outputs import OutputFile
from campaign.cli.progress import WorkProgress
from campaign.cli.shared import actor, json_option, opened, print_json
from campaign.cli.terminal import tell
from campaign.errors import NotFoundError
from storage.registry.calibrations import Calibration
from workers.languages import checked_tag, primary

if TYPE_CHECKING:
    from campaign.registry.calibrations import LanguageRecord


class LanguageList(click.ParamType[tuple[str, ...]]):
    """Languages with commas between them: `en,fr`."""

    name = "tags"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Refuses what holds no languages."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(primary(checked_tag(one.strip())) for one in str(value).split(","))
        except ValueError as exc:
            self.fail(f"{exc}. Write them as en,fr.", param, ctx)


@click.command("calibrate")
@click.argument("label")
@click.option("--pin", default="", help="A pin or a channel; by default the one on which LABEL speaks.")
@click.option(
    "--languages",
    default=(),
    type=LanguageList(),
    help="Only these, with commas between them; others stay as they were. By default all that LABEL speaks.",
)
@click.option(
    "--prompts", default="calibration", show_default=True, help="A prompt set: name@version, or a folder."
)
@json_option
def calibrate_command(label: str, pin: str, languages: tuple[str, ...], prompts: str, as_json: bool) -> None:
    """Learn what the recogniser at hand makes of LABEL: name@version or name for the newest.

    Some 24 sentences a language are spoken and heard: from when on a divergence counts, which kinds of value are beyond
    the recogniser, and the voice print that files are held against. Campaigns that are submitted from then on take it
    into their lock.
    """
    from campaign.calibration.calibrate import CalibrationRequest, calibrate

    request = CalibrationRequest(preset=label, pin=pin, languages=languages, prompts=prompts)
    with opened() as installation, WorkProgress(quiet=as_json) as progress:
        made = calibrate(installation, request, actor=actor(), watch=progress.show, steps=progress.heard)
    if as_json:
        print_json(
            calibration_document(made.calibration)
            | {"measured": list(made.measured), "campaign": made.campaign}
        )
        return
    for line in calibration_lines(made.calibration):
        tell(line)
    if not made.calibration.encoder:
        tell(
            "no voice print: no encoder is here. Fetch it and calibrate again: campaign voice get speaker-encoder"
        )


def calibration_document(calibration: Calibration) -> dict[str, Any]:
    """As JSON."""
    return {
        "preset": calibration.label,
        "pin": calibration.pin_id,
        "recogniser": calibration.recogniser,
        "listening_revision": calibration.listening_revision,
        "encoder": calibration.encoder or None,
        "digest": calibration.digest,
        "record": dict(calibration.record),
        "actor": calibration.actor,
        "t_ms": calibration.t_created_ms,
    }


def calibration_lines(calibration: Calibration) -> list[str]:
    """For people."""
    from campaign.registry.calibrations import record_of

    when = datetime.fromtimestamp(calibration.t_created_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    lines = [
        f"{calibration.label} on {calibration.pin_id}  calibrated {when} by {calibration.actor} for "
        f"{calibration.recogniser}  {calibration.digest[:16]}"
    ]
    for language, learned in record_of(calibration).languages.items():
        lines += [f"  {language}  {line}" for line in _language_lines(learned)]
    return lines


def newest_calibrations(calibrations: Sequence[Calibration]) -> list[Calibration]:
    """Those that count: of each pin, recogniser and revision the newest."""
    counting = {(one.pin_id, one.recogniser, one.listening_revision): one for one in calibrations}
    return list(counting.values())


def _language_lines(learned: LanguageRecord) -> list[str]:
    heard = ", ".join(f"{kind} {heard}/{said}" for kind, (heard, said) in learned.heard.items())
    lines = [
        f"{learned.sentences} sentences: a divergence counts above {learned.nats:g} nats, names and text differ above "
        f"{learned.unlike_sounds:.0%} of their sounds",
        f"heard: {heard}",
    ]
    if learned.beyond:
        lines.append(f"beyond this recogniser, not judged: {', '.join(learned.beyond)}")
    for what, one in (("voice print", learned.print), ("as a telephone has it", learned.telephone_print)):
        if one is not None:
            lines.append(
                f"{what}, of {one.renders} renders: median {one.median:.3f}, lowest {one.lowest:.3f}"
            )
    return lines


@click.command("drift")
@click.argument("label")
@click.option(
    "--chart", type=OutputFile(), help="Draw median and lowest campaign by campaign into this SVG file."
)
@json_option
def drift_command(label: str, chart: Path | None, as_json: bool) -> None:
    """How much the files of each campaign were LABEL's voice, oldest first: a voice that changes shows.

    LABEL is name@version or name for the newest. Numbers compare under one print: calibrated anew, a voice has another.
    """
    from campaign.registry.voice import find_preset
    from campaign.report.charts import drift_chart
    from campaign.report.voices import past_document
    from campaign.results.folder import write_whole
    from storage.history import likenesses

    with opened() as installation, installation.database.read() as connection:
        preset = find_preset(connection, label)
        past = [past_document(one) for one in likenesses.over_time(connection, preset.label)]
    if chart is not None:
        drawn = drift_chart(past)
        if drawn is None:
            raise NotFoundError(
                f"fewer than two campaigns have scores by one print of {preset.label}: there is nothing to draw. "
                "Leave --chart out."
            )
        write_whole(chart, drawn.encode())
    if as_json:
        print_json({"preset": preset.label, "campaigns": past})
        return
    if not past:
        tell(
            f"no campaign has files that were scored against {preset.label}: campaign preset calibrate {preset.label}"
        )
    for one in past:
        when = datetime.fromtimestamp(one["t_ms"] / 1000, UTC).strftime("%Y-%m-%d %H:%M")
        numbers = (
            "no scores"
            if one["median"] is None
            else f"median {one['median']:.3f}  lowest {one['lowest']:.3f}"
        )
        tell(
            f"{when}  {one['campaign']:<32} {numbers}  {one['scored']:,} files"
            + (f", {one['unscored']:,} not scored" if one["unscored"] else "")
            + f"  print {one['calibration'][:8]}"
        )
