"""`campaign explain`: why a row sounds as it does."""

from __future__ import annotations

from typing import Any

import click

from campaign.cli.normalise import span_line
from campaign.cli.shared import CAMPAIGN_ID, json_option, opened, print_json
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
    click.secho(f"row {document['row']} ({document['locale']}): {document['status']}", bold=True)
    if document["error"]:
        error = document["error"]
        click.secho(f"  {error['code']} {error['column'] or ''}: {error['reason'] or ''}", fg="yellow")
    click.secho("fields", fg="cyan")
    for name, value in (document["fields"] or {}).items():
        click.echo(f"  {name:<12} {value}")
    click.secho("script", fg="cyan")
    click.echo(f"  {document['script'] or '-'}")
    for sentence in document["trace"].get("sentences", ()):
        click.secho("spans", fg="cyan")
        for span in sentence["spans"]:
            if (line := span_line(span)) is not None:
                click.echo(line)
    if reason := document["trace"].get("unavailable"):
        click.echo(f"  spans: {reason}")
    click.secho("utterances", fg="cyan")
    for utterance in document["utterances"]:
        words = " ".join(f"[{span['language']}] {span['text']}" for span in utterance["spoken"])
        length = "" if utterance["seconds"] is None else f"{utterance['seconds']:.2f} s"
        click.echo(f"  {utterance['key'][:12]} {utterance['status']:<8} {length:>8}  {words}")
    for version in document["versions"]:
        click.secho("file", fg="cyan")
        click.echo(f"  v{version['version']} {version['object_key']}  sha256 {version['sha256'][:16]}")
