"""`campaign preset`: frozen speakers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.cli import exits
from campaign.cli.calibration import (
    calibrate_command,
    calibration_document,
    calibration_lines,
    drift_command,
    newest_calibrations,
)
from campaign.cli.outputs import OutputFolder
from campaign.cli.shared import (
    PRESET_NAME,
    LanguageTag,
    actor,
    json_option,
    opened,
    print_json,
    read_settings,
)
from campaign.cli.terminal import tell
from campaign.registry.voice import find_preset
from storage.history.origins import DeliveredVersion
from storage.names import PresetName
from storage.registry import calibrations as calibration_rows
from storage.registry import presets as preset_rows
from storage.registry.presets import Preset, PresetRecord
from workers.presets.standing import shown_body

if TYPE_CHECKING:
    from storage.installation import Installation

SHOWN_DELIVERED = 20

_file = click.Path(path_type=Path, dir_okay=False)
_reason = click.option("--reason", required=True, help="Why, for those who ask later.")


@click.group("preset")
def preset_command() -> None:
    """Frozen speakers."""


preset_command.add_command(calibrate_command)
preset_command.add_command(drift_command)


@preset_command.command("add")
@click.argument("name", type=PRESET_NAME)
@click.option("--audio", type=_file, help="A recording of the speaker, 3 to 6 s is best.")
@click.option("--text", default="", help="Exactly what the recording says; some engines need it.")
@click.option("--engine", required=True, help="The engine that is to speak: f5, espeak ...")
@click.option("--consent", type=_file, help="The speaker's consent, see docs/presets.md.")
@click.option("--engine-table", type=_file, help="The engine's parameters as TOML; defaults without it.")
@click.option("--model", default="", help="A pin of the engine, where its limits differ from the engine's.")
@click.option("--lang", default="en", type=LanguageTag(), show_default=True, help="The recording's language.")
@click.option("--use-case", default="", help="What the voice is for, in words.")
@click.option("--tag", "tags", multiple=True, help="A word to find it by; may be repeated.")
@click.option("--source", default="", help="Where the recording comes from, in words.")
@click.option(
    "--despite",
    multiple=True,
    help="A revoked preset, name@version, that this sounds like: it is another person, or they agreed anew. "
    "May be repeated.",
)
@json_option
def add_preset_command(
    name: PresetName,
    audio: Path | None,
    text: str,
    engine: str,
    consent: Path | None,
    engine_table: Path | None,
    model: str,
    lang: str,
    use_case: str,
    tags: tuple[str, ...],
    source: str,
    despite: tuple[str, ...],
    as_json: bool,
) -> None:
    """Freeze a speaker as the next version of NAME.

    The recording is decoded safely, made mono, levelled, trimmed, measured and kept. The same recording, text and
    table again is the same version. A recording that sounds like the speaker of a preset whose consent was revoked is
    refused.
    """
    from campaign.registry.presets import NewPreset, add_preset
    from workers.presets.tables import read_table

    new_preset = NewPreset(
        name=name,
        engine=engine,
        model=model,
        audio=audio,
        text=text,
        consent=consent,
        table=read_table(engine_table),
        language=lang,
        use_case=use_case,
        tags=tags,
        source=source,
        despite=despite,
    )
    with opened() as installation:
        added = add_preset(installation, new_preset, actor=actor())
        records = _records(installation, added.preset)
    if as_json:
        print_json(_document(added.preset, records) | {"is_new": added.is_new, "advice": list(added.advice)})
        return
    tell(f"{added.preset.label}  {'added' if added.is_new else 'was already there, with exactly this sound'}")
    for line in _score_lines(_latest(records, "scores")):
        tell(f"  {line}")
    for line in added.advice:
        tell(f"advice: {line}", err=True)


@preset_command.command("clips")
@click.argument("audio", type=_file)
@click.option("--text", default="", help="Exactly what the recording says.")
@click.option(
    "--segments", type=_file, help="Lines of start, end and text, tab-separated, in seconds: an alignment."
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=OutputFolder(),
    help="Folder for the clips.",
)
@click.option("--best", default=5, show_default=True, help="How many to write.")
@click.option("--rate", "rate_hz", default=24_000, show_default=True, help="Rate of the clips in Hz.")
@json_option
def clips_command(
    audio: Path, text: str, segments: Path | None, output: Path, best: int, rate_hz: int, as_json: bool
) -> None:
    """Cut a long recording into clips of whole sentences, best first, each with its text beside it."""
    from campaign.registry.encoder import find_encoder
    from campaign.results.folder import writing
    from workers.presets.clips import cut, read_segments, write_clips

    clips = cut(
        audio,
        text=text,
        segments=None if segments is None else read_segments(segments),
        rate_hz=rate_hz,
        encoder=find_encoder(read_settings()),
    )
    with writing(output):
        written = write_clips(clips[:best], output)
    if as_json:
        print_json(
            [
                {
                    "file": str(path),
                    "text": clip.text,
                    "start_s": clip.start_s,
                    "scores": clip.scores.as_json(),
                }
                for path, clip in written
            ]
        )
        return
    for path, clip in written:
        tell(f"{path}  {clip.seconds:4.1f} s  quality {clip.scores.quality:.2f}  {clip.text}")


@preset_command.command("list")
@json_option
def list_presets(as_json: bool) -> None:
    """Every version of every preset."""
    with opened() as installation, installation.database.read() as connection:
        presets = [
            (preset, preset_rows.records(connection, preset))
            for preset in preset_rows.all_presets(connection)
        ]
    if as_json:
        print_json([_document(preset, records) for preset, records in presets])
        return
    for preset, records in presets:
        tags = " ".join(f"#{tag}" for tag in preset.tags)
        tell(
            f"{preset.label:<32} {', '.join(sorted(preset.parameters)):<16} {_standing(records):<10} {tags}".rstrip()
        )


@preset_command.command("show")
@click.argument("label")
@json_option
def show_preset(label: str, as_json: bool) -> None:
    """One preset, LABEL is name@version or name for the newest."""
    with opened() as installation:
        with installation.database.read() as connection:
            preset = find_preset(connection, label)
            calibrations = calibration_rows.of_preset(connection, preset)
        records = _records(installation, preset)
    document = _document(preset, records)
    if as_json:
        print_json(document | {"calibrations": [calibration_document(one) for one in calibrations]})
        return
    for key, value in document.items():
        if key != "records":
            tell(f"{key:<18} {value}")
    for line in _score_lines(_latest(records, "scores")):
        tell(f"{'score':<18} {line}")
    for record in records:
        when = datetime.fromtimestamp(record.t_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")
        tell(f"{record.kind:<18} {when} by {record.actor}")
    for one in newest_calibrations(calibrations):
        for line in calibration_lines(one):
            tell(line)
    if not calibrations:
        tell(f"{'calibration':<18} none: campaign preset calibrate {preset.label}")


@preset_command.command("consent")
@click.argument("label")
@click.argument("file", type=_file)
@json_option
def consent_command(label: str, file: Path, as_json: bool) -> None:
    """Record a newer consent for LABEL, for example a renewed one; the newest counts."""
    from campaign.registry.presets import renew_consent

    with opened() as installation:
        preset = renew_consent(installation, label, file, actor=actor())
        records = _records(installation, preset)
    _tell(preset, records, f"{preset.label}  consent recorded", as_json=as_json)


@preset_command.command("verify")
@click.argument("label")
@json_option
def verify_preset_command(label: str, as_json: bool) -> None:
    """Digest LABEL's reference and tables again and compare; changes nothing."""
    from campaign.registry.presets import verify_preset

    with opened() as installation:
        preset, findings = verify_preset(installation, label)
    good = all(finding.holds for finding in findings)
    if as_json:
        print_json(
            {
                "preset": preset.label,
                "holds": good,
                "findings": [
                    {"what": finding.what, "holds": finding.holds, "found": finding.found}
                    for finding in findings
                ],
            }
        )
    else:
        for finding in findings:
            tell(f"{'good' if finding.holds else 'CHANGED':<8} {finding.what:<16} {finding.found}")
        if not good:
            tell(f"{preset.label} is not what was frozen: restore it or add a version.", err=True)
    if not good:
        raise click.exceptions.Exit(exits.UNHEALTHY)


@preset_command.command("retire")
@click.argument("label")
@_reason
@json_option
def retire_command(label: str, reason: str, as_json: bool) -> None:
    """No new campaign may use LABEL; those already submitted continue."""
    from campaign.registry.presets import retire_preset

    with opened() as installation:
        preset = retire_preset(installation, label, reason=reason, actor=actor())
        records = _records(installation, preset)
    _tell(preset, records, f"{preset.label}  retired", as_json=as_json)


@preset_command.command("revoke")
@click.argument("label")
@_reason
@json_option
def revoke_command(label: str, reason: str, as_json: bool) -> None:
    """Withdraw LABEL for good: pause its campaigns, and list every file that was delivered with it.

    When this returns nothing more is made with the voice. --json lists all files; the screen shows the first.
    """
    from campaign.registry.presets import revoke_preset

    with opened() as installation:
        revoked = revoke_preset(installation, label, reason=reason, actor=actor())
    if as_json:
        print_json(
            {
                "preset": revoked.preset.label,
                "paused": list(revoked.paused),
                "delivered": [_delivered(version) for version in revoked.delivered],
            }
        )
        return
    tell(f"{revoked.preset.label}  revoked")
    for campaign_id in revoked.paused:
        tell(f"paused    {campaign_id}")
    for version in revoked.delivered[:SHOWN_DELIVERED]:
        tell(f"delivered {version.object_key}")
    rest = len(revoked.delivered) - SHOWN_DELIVERED
    if rest > 0:
        tell(f"... and {rest:,} more; --json lists them all")
    tell(f"{len(revoked.delivered):,} files hold this voice")


@preset_command.command("erase")
@click.argument("label")
@_reason
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def erase_command(label: str, reason: str, yes: bool, as_json: bool) -> None:
    """Erase the recording of LABEL, which was revoked, what engines made of it, and the vector of the voice.

    This cannot be undone, and the speaker is not recognised in later recordings any more. Files that were delivered
    are not touched: `campaign erase` erases those.
    """
    from campaign.registry.preset_erasure import erase_speaker

    if not yes:
        click.confirm("Erase for good?", abort=True, err=True)
    with opened() as installation:
        erased = erase_speaker(installation, label, reason=reason, actor=actor())
    if as_json:
        print_json({"preset": erased.preset.label, "objects": erased.objects})
        return
    tell(f"{erased.preset.label}  recording erased, {erased.objects:,} object versions removed")


def _delivered(version: DeliveredVersion) -> dict[str, Any]:
    return {
        "campaign": version.campaign_id,
        "row": version.row,
        "recipient": version.recipient_hmac,
        "version": version.version,
        "object": version.object_key,
        "is_current": version.is_current,
    }


def _records(installation: Installation, preset: Preset) -> list[PresetRecord]:
    with installation.database.read() as connection:
        return preset_rows.records(connection, preset)


def _latest(records: list[PresetRecord], kind: str) -> Mapping[str, Any]:
    return next((record.body for record in reversed(records) if record.kind == kind), {})


def _standing(records: list[PresetRecord]) -> str:
    kinds = {record.kind for record in records}
    return "revoked" if "revocation" in kinds else "retired" if "retirement" in kinds else "in use"


def _score_lines(scores: Mapping[str, Any]) -> list[str]:
    encoder = scores.get("similarity_encoder")
    return [
        f"{name} {'not measured' if value is None else value}"
        + (f" by {encoder}" if name == "self_similarity" and value is not None else "")
        for name, value in scores.items()
        if name not in ("tools", "similarity_encoder")
    ]


def _tell(preset: Preset, records: list[PresetRecord], line: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_document(preset, records))
    else:
        tell(line)


def _document(preset: Preset, records: list[PresetRecord]) -> dict[str, Any]:
    return {
        "preset": preset.label,
        "standing": _standing(records),
        "engines": dict(preset.parameters),
        "sound_digests": dict(preset.sound_digests),
        "transcript": preset.transcript,
        "reference_sha256": preset.reference_sha256,
        "provenance": dict(preset.provenance),
        "records": [
            {"kind": record.kind, "body": shown_body(record), "actor": record.actor, "t_ms": record.t_ms}
            for record in records
        ],
    }
