"""`campaign explain`: why a row sounds as it does."""

from __future__ import annotations

from typing import Any

import click

from campaign.cli.normalise import span_line
from campaign.cli.shared import CAMPAIGN_ID, json_option, opened, print_json
from campaign.cli.terminal import tell
from campaign.evidence.explain import explain
from campaign.operations.control import find_campaign
from storage.names import CampaignId


@click.command("explain")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option("--row", required=True, type=click.IntRange(min=1), help="1 is the first row after the header.")
@json_option
def explain_command(campaign_id: CampaignId, row: int, as_json: bool) -> None:
    """Row ROW of CAMPAIGN_ID: raw, rendered, spans with reasons, spoken, utterances, runs."""
    with opened() as installation:
        document = explain(installation, find_campaign(installation, campaign_id), row)
    if as_json:
        print_json(document)
    else:
        _show(document)


def _show(document: dict[str, Any]) -> None:
    tell(f"row {document['row']} ({document['locale']}): {document['status']}", bold=True)
    if document["error"]:
        error = document["error"]
        tell(f"  {error['code']} {error['column'] or ''}: {error['reason'] or ''}", fg="yellow")
    tell("fields", fg="cyan")
    for name, value in (document["fields"] or {}).items():
        tell(f"  {name:<12} {value}")
    tell("script", fg="cyan")
    for line in (document["script"] or "-").split("\n"):
        tell(f"  {line}")
    for sentence in document["trace"].get("sentences", ()):
        tell("spans", fg="cyan")
        for span in sentence["spans"]:
            if (line := span_line(span)) is not None:
                tell(line)
    if reason := document["trace"].get("unavailable"):
        tell(f"  spans: {reason}")
    tell("utterances", fg="cyan")
    for utterance in document["utterances"]:
        words = " ".join(f"[{span['language']}] {span['text']}" for span in utterance["spoken"])
        length = "" if utterance["seconds"] is None else f"{utterance['seconds']:.2f} s"
        tell(f"  {utterance['key'][:12]} {utterance['status']:<8} {length:>8}  {words}")
    for version in document["versions"]:
        tell("file", fg="cyan")
        tell(f"  v{version['version']} {version['object_key']}  sha256 {version['sha256'][:16]}")
