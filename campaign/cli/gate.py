"""`campaign gate`: a candidate measured and heard against a baseline, before a channel may point at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.cli import exits
from campaign.cli.device import keep_kernels
from campaign.cli.listening import listen_command
from campaign.cli.outputs import OutputFile
from campaign.cli.progress import WorkProgress
from campaign.cli.shared import GATE_ID, Command, actor, json_option, opened, options_as, print_json
from campaign.cli.terminal import tell, tell_data
from storage.names import GateId
from workers.engines.options import DeviceOptions

if TYPE_CHECKING:
    from campaign.gate.tools import GateTools
    from campaign.gate.verdict import Verdict
    from storage.installation import Installation
    from storage.registry.gates import Gate


@click.group("gate")
def gate_command() -> None:
    """A candidate pin against a baseline: measure both, listen blind, decide by a rule that was fixed beforehand."""


gate_command.add_command(listen_command)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOptions:
    """With what a side is made and measured, one field an option."""

    recogniser: Path | None
    encoder: Path | None
    device: str
    batch: int
    before: str
    after: str
    neighbour: str

    def tools(self) -> GateTools:
        """As the gate takes them."""
        from campaign.gate.conditions import Commands
        from campaign.gate.tools import GateTools

        return GateTools(
            recogniser=self.recogniser,
            encoder=self.encoder,
            device=self.device,
            batch=self.batch,
            commands=Commands(before=self.before, after=self.after, neighbour=self.neighbour),
        )


def tool_options(command: Command) -> Command:
    """The options of `ToolOptions`."""
    command = options_as(ToolOptions)(command)
    for option in reversed(
        (
            click.option(
                "--recogniser",
                type=click.Path(path_type=Path, file_okay=False),
                envvar="CAMPAIGN_RECOGNISER",
                help="Folder of a whisper model (CTranslate2); without it PocketSphinx hears English.",
            ),
            click.option(
                "--encoder",
                type=click.Path(path_type=Path, dir_okay=False),
                help="An encoder in ONNX for speaker similarity; by default CAMPAIGN_SPEAKER_ENCODER, else the "
                "catalogue's speaker-encoder where it was fetched.",
            ),
            click.option(
                "--device", default="cpu", show_default=True, help="Where the engine runs: cpu, cuda ..."
            ),
            click.option(
                "--batch",
                default=1,
                show_default=True,
                type=click.IntRange(min=1),
                help="Utterances at once while timing.",
            ),
            click.option("--before", default="", help="Run this first: pause another service on the GPU."),
            click.option("--after", default="", help="Run this at the end, whatever happened."),
            click.option(
                "--neighbour",
                default="",
                help="A command that prints another service's latency in ms; run before and during.",
            ),
        )
    ):
        command = option(command)
    return command


@gate_command.command("run")
@click.argument("candidate")
@click.option("--against", "baseline", required=True, help="The baseline: a pin or a channel.")
@click.option(
    "--prompts", default="general", show_default=True, help="A prompt set: name@version, or a folder."
)
@click.option("--preset", default="demo-voice@2", show_default=True, help="Who speaks.")
@click.option(
    "--baseline-preset", default="", help="Who speaks on the baseline's side, if its engine needs another."
)
@click.option("--lang", "languages", multiple=True, help="Only this language of the set; may be repeated.")
@click.option(
    "--rule",
    "rule_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The shipped one by default.",
)
@click.option("--purpose", default="", help="By default research, or what the licence allows.")
@click.option("--defer-baseline", is_flag=True, help="Continue without a baseline that cannot be made yet.")
@tool_options
@json_option
def run_command(
    candidate: str,
    baseline: str,
    prompts: str,
    preset: str,
    baseline_preset: str,
    languages: tuple[str, ...],
    rule_file: Path | None,
    purpose: str,
    defer_baseline: bool,
    as_json: bool,
    options: ToolOptions,
) -> None:
    """Make a prompt set with CANDIDATE and with the baseline, and measure both.

    The rule's digest is committed before any sound is made.
    """
    from campaign.gate.rule import read_rule
    from campaign.gate.run import GateRequest, run_gate

    request = GateRequest(
        candidate=candidate,
        baseline=baseline,
        prompts=prompts,
        preset=preset,
        baseline_preset=baseline_preset,
        languages=languages,
        rule=read_rule(rule_file),
        purpose=purpose,
        defer_baseline=defer_baseline,
    )
    with opened() as installation, WorkProgress(quiet=as_json) as progress:
        keep_kernels(installation.settings, DeviceOptions(device=options.device))
        gate = run_gate(
            installation, request, options.tools(), actor=actor(), watch=progress.show, steps=_quiet
        )
        _show(installation, gate, as_json=as_json)


@gate_command.command("resume")
@click.argument("gate_id", type=GATE_ID)
@click.option("--defer-baseline", is_flag=True, help="Let a baseline that still cannot be made keep waiting.")
@tool_options
@json_option
def resume_gate_command(gate_id: GateId, defer_baseline: bool, as_json: bool, options: ToolOptions) -> None:
    """Make what GATE_ID still lacks: a side that failed, or a baseline that was deferred."""
    from campaign.gate.run import find_gate, resume_gate

    with opened() as installation, WorkProgress(quiet=as_json) as progress:
        keep_kernels(installation.settings, DeviceOptions(device=options.device))
        gate = resume_gate(
            installation,
            find_gate(installation, gate_id),
            options.tools(),
            defer_baseline=defer_baseline,
            actor=actor(),
            watch=progress.show,
            steps=_quiet,
        )
        _show(installation, gate, as_json=as_json)


@gate_command.command("list")
@json_option
def list_gates_command(as_json: bool) -> None:
    """Every gate, newest first."""
    from storage.registry import gates as gate_rows

    with opened() as installation, installation.database.read() as connection:
        gate_list = gate_rows.all_gates(connection)
    if as_json:
        print_json([_short(gate) for gate in gate_list])
        return
    for gate in gate_list:
        tell(
            f"{gate.id:<10} {gate.candidate} against {gate.baseline}  {gate.prompts}  {gate.outcome or 'open'}"
        )


@gate_command.command("show")
@click.argument("gate_id", type=GATE_ID)
@json_option
def show_gate_command(gate_id: GateId, as_json: bool) -> None:
    """Everything that was measured in GATE_ID, and its verdict if there is one."""
    from campaign.gate.run import find_gate

    with opened() as installation:
        _show(installation, find_gate(installation, gate_id), as_json=as_json)


@gate_command.command("verdict")
@click.argument("gate_id", type=GATE_ID)
@click.option("--exclude", multiple=True, help="Leave this listener out; may be repeated.")
@click.option("-o", "--output", type=OutputFile(), help="Write verdict.json here.")
@json_option
def verdict_command(gate_id: GateId, exclude: tuple[str, ...], output: Path | None, as_json: bool) -> None:
    """Decide GATE_ID by its rule. What cannot be decided yet waits, and says what it waits for."""
    from campaign.gate.run import find_gate
    from campaign.gate.verdict import WAITING, decide
    from campaign.results.folder import write_whole
    from storage.canonical import canonical_json

    with opened() as installation:
        verdict = decide(installation, find_gate(installation, gate_id), exclude=exclude, actor=actor())
    if output is not None:
        write_whole(output, canonical_json(verdict.document) + "\n")
    if as_json:
        print_json(verdict.document)
    else:
        _tell(verdict)
    if verdict.outcome == WAITING:
        raise click.exceptions.Exit(exits.CONFLICT)


@gate_command.command("learn")
@click.argument("preset")
@click.option("-o", "--output", type=OutputFile(), help="Printed by default.")
@click.option(
    "--sample", default=50, show_default=True, type=click.IntRange(min=10), help="Most utterances to measure."
)
def learn_command(preset: str, output: Path | None, sample: int) -> None:
    """Write a rule whose bounds come from PRESET's own delivered sound."""
    from campaign.gate.learn import learn
    from campaign.results.folder import write_whole

    with opened() as installation:
        learned = learn(installation, preset, sample=sample, progress=lambda _done, _total: None)
    if output is None:
        tell_data(learned.as_toml(), nl=False)
    else:
        write_whole(output, learned.as_toml())
        tell(f"{output}: {len(learned.bounds)} bounds from {learned.utterances} utterances")


@gate_command.command("import")
@click.argument("gate_id", type=GATE_ID)
@click.argument("scores", type=click.Path(path_type=Path, dir_okay=False))
def import_command(gate_id: GateId, scores: Path) -> None:
    """Take scores made elsewhere: a CSV with listener, prompt, candidate, baseline, 1 to 5."""
    from campaign.gate.listening import import_scores
    from campaign.gate.run import find_gate
    from storage.history import audit

    with opened() as installation:
        count = import_scores(installation, find_gate(installation, gate_id), scores)
        with installation.database.write() as connection:
            audit.note(connection, "gate.import", gate_id, actor=actor(), scores=count)
    tell(f"{gate_id}: {count} scores")


def _quiet(_what: str, _done: int, _total: int) -> None:
    """Measuring takes seconds; the bar is for the work."""


def _short(gate: Gate) -> dict[str, Any]:
    return {
        "gate": gate.id,
        "candidate": gate.candidate,
        "baseline": gate.baseline,
        "presets": {"candidate": gate.candidate_preset, "baseline": gate.baseline_preset},
        "prompts": gate.prompts,
        "prompts_digest": gate.prompts_digest,
        "rule": dict(gate.rule),
        "rule_digest": gate.rule_digest,
        "outcome": gate.outcome,
        "verdict_digest": gate.verdict_digest,
        "t_created_ms": gate.t_created_ms,
        "t_verdict_ms": gate.t_verdict_ms,
    }


def _show(installation: Installation, gate: Gate, *, as_json: bool) -> None:
    from campaign.gate.listening import steadiness
    from storage.registry import gates as gate_rows

    with installation.database.read() as connection:
        scores = gate_rows.scores(connection, gate.id)
    if as_json:
        print_json(
            _short(gate)
            | {"sides": {name: asdict(side) for name, side in gate.sides.items()}}
            | {"options": gate.options.as_json(), "verdict": gate.verdict}
            | {"listeners": [asdict(listener) for listener in steadiness(scores)]}
        )
        return
    tell(f"{gate.id}  {gate.candidate} against {gate.baseline}", bold=True)
    tell(f"rule {gate.rule_digest[:16]}  prompts {gate.prompts} {gate.prompts_digest[:16]}")
    _table(gate)
    for encoder in sorted({side.encoder for side in gate.sides.values()}):
        tell(f"similarity by {encoder}")
    for opinion in sorted({side.opinion for side in gate.sides.values() if side.opinion}):
        tell(f"opinions by {opinion}")
    for side, reason in gate.options.waits.items():
        if side not in gate.sides:
            tell(f"the {side} waits: {reason}", fg="yellow")
    for listener in steadiness(scores):
        change = (
            "nothing heard twice"
            if listener.mean_change is None
            else f"{listener.mean_change:.2f} apart at repeats"
        )
        tell(f"listener {listener.listener}: {listener.trials} trials, {change}")
    if gate.outcome:
        tell(gate.outcome, fg="green" if gate.outcome == "swap_candidate" else "yellow", bold=True)
    else:
        tell(f"hear them: campaign gate listen {gate.id}    decide: campaign gate verdict {gate.id}")


def _table(gate: Gate) -> None:
    """Numbers of both sides beside each other: in total, then the worst language first."""
    from campaign.gate.certainty import intervals
    from campaign.gate.numbers import OF_PROMPTS, OF_SIDES

    sides = [gate.sides.get(side) for side in ("candidate", "baseline")]
    sure = [{} if side is None else intervals(side) for side in sides]
    tell(f"{'':<28}{'candidate':>24}{'baseline':>24}")

    def line(name: str, values: Sequence[float | None], place: str, *, indent: str = "") -> None:
        cells = [
            _cell(value) + _ends(ends.get(place, {}).get(name))
            for value, ends in zip(values, sure, strict=True)
        ]
        if any(value is not None for value in values):
            tell(f"{indent + name:<28}{cells[0]:>24}{cells[1]:>24}")

    for name in (*OF_SIDES, *OF_PROMPTS):
        line(name, [None if side is None else side.numbers.get(name) for side in sides], "total")
    for language in sides[0].by_language if sides[0] is not None else ():
        tell(language, fg="cyan")
        for name in OF_PROMPTS:
            values = [
                None if side is None else side.by_language.get(language, {}).get(name) for side in sides
            ]
            line(name, values, language, indent="  ")
    tell("in brackets: where the number may lie, at 95 % over prompts")


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _ends(interval: Mapping[str, float] | None) -> str:
    return "" if interval is None else f" [{interval['low']:.3f} {interval['high']:.3f}]"


def _tell(verdict: Verdict) -> None:
    document = verdict.document
    good = verdict.outcome == "swap_candidate"
    tell(f"{document['gate']}  {verdict.outcome}", fg="green" if good else "yellow", bold=True)
    for reason in verdict.waits_for:
        tell(f"  waits for {reason}")
    if document["swap_holds"] is not None:
        tell(f"  swap     {'holds' if document['swap_holds'] else 'fails'}: {document['rule']['swap']}")
    for bound in document["bounds"]:
        where = "" if bound["language"] is None else f" ({bound['language']})"
        limits = ", ".join(f"{key} {value:g}" for key, value in bound["limits"].items())
        tell(
            f"  {'holds' if bound['holds'] else 'FAILS'}    {bound['number']}{where} {_cell(bound['value'])}: {limits}"
        )
    if verdict.outcome == "next_candidate":
        tell(f"  next     campaign gate run {document['next_candidate']} --against {document['baseline']}")
