"""`campaign`: one file a noun or verb; each parses, calls, prints and leaves with a named exit code.

Commands are imported when they are asked for, so that `campaign --help` is quick and never loads an engine.
Imports whatever stands below it, inside the function that needs it.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Sequence

import click

from campaign.cli.exits import EXIT_TABLE, exit_code_of
from campaign.cli.terminal import tell, tell_error, tell_misuse, watch_faults
from workers.observability.logs import FORMATS, configure

COMMANDS = {
    "init": "A first campaign.toml from a recipients file.",
    "check": "What a recipients file holds, and what would stop it.",
    "submit": "Make one audio file per recipient.",
    "preview": "Make and play back the files of chosen rows, exactly as they will be sent.",
    "status": "Where a campaign is.",
    "list": "The newest campaigns.",
    "report": "The report of a campaign.",
    "explain": "Why a row sounds as it does: raw, rendered, spans, spoken, utterances.",
    "inspect": "What a delivered file says about itself, and whether its sound is still the one described.",
    "captions": "What a delivered file says, with the time of each word.",
    "runs": "Run descriptors: export, show, diff.",
    "pause": "Stop work on a campaign; nothing is lost.",
    "resume": "Continue a paused campaign, or start one that was held.",
    "cancel": "End a campaign; what was delivered stays.",
    "retry": "Open a new attempt of the rows that failed in sound.",
    "amend": "Mended rows to the campaign that refused them.",
    "review": "Listen to what stands out; accept, reject, make again.",
    "links": "A link that expires for every delivered file.",
    "zip": "Every delivered file in one zip.",
    "webhooks": "Who is told about campaigns' states: list, test, deliver, retry, secret.",
    "marks": "Signed provenance and watermarks: what can be set here; test certificates.",
    "evidence": "A signed bundle that proves a campaign to a third party, and its check.",
    "erase": "Forget a recipient everywhere, or a whole campaign.",
    "suppression": "Opt-outs that every campaign obeys: import, add, remove, list, export, log.",
    "purge": "Retention: erase campaigns that ended long ago.",
    "say": "Speak one text with a preset.",
    "normalise": "Text in, spoken text out, line by line.",
    "lexicon": "Pronunciation rules: add, list, show, test, diff, export.",
    "names": "Name-like values ranked by the risk of being mispronounced.",
    "preset": "Frozen speakers: add, clips, list, show, consent, verify, retire, revoke.",
    "voice": "Model files of the catalogue, fetched and verified: list, get, show.",
    "model": "Pinned models and channels: pull, add, verify, promote, rollback, history, impact.",
    "rerender": "Make again exactly what a bad pin, preset or lexicon made.",
    "verify": "Say a sample again: bit-exact, within tolerance, or different, and why.",
    "gate": "A candidate against a baseline: measure, listen blind, decide.",
    "warm": "Load everything that a campaign will need, and say how long it took.",
    "worker": "Work on campaigns until told to stop.",
    "serve": "The API, the preview lane and the console.",
    "schema": "JSON schemas of what people write and of what is made.",
    "key": "Keys of the service's callers: add, list, revoke.",
    "db": "The database's schema: upgrade, check.",
    "doctor": "What is installed, what is reachable, and what to fix.",
}
_MODULES = {
    "pause": "control",
    "resume": "control",
    "cancel": "control",
    "retry": "control",
    "list": "status",
    "zip": "links",
}


class _Lazy(click.Group):
    """Finds a command's module when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"campaign.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), meaning) for code, meaning in EXIT_TABLE.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="campaign")
@click.option("-v", "--verbose", count=True, help="Log more; twice for everything.")
@click.option(
    "--log-format",
    type=click.Choice(FORMATS),
    default="text",
    envvar="CAMPAIGN_LOG_FORMAT",
    help="Format of log lines.",
)
def cli(verbose: int, log_format: str) -> None:
    """Personalised audio at scale.

    Recipients, a template and a frozen voice in; one proven audio file per person out.
    """
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    configure(level, log_format)


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script: errors become one clear message and a named exit code."""
    watch_faults()
    try:
        code = cli.main(arguments, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as exc:
        tell_misuse(exc)
        sys.exit(exc.exit_code)
    except (KeyboardInterrupt, click.Abort):
        tell("interrupted: nothing is lost; the same command continues", err=True)
        sys.exit(130)
    except Exception as exc:
        code = exit_code_of(exc)
        if code is None:
            raise
        tell_error(exc)
        logging.getLogger(__name__).debug("where it happened", exc_info=exc)
        sys.exit(code)
