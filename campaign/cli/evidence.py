"""`campaign evidence`: a signed bundle for third parties, and its check."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from campaign.cli.outputs import OutputFile
from campaign.cli.shared import CAMPAIGN_ID, json_option, opened, print_json
from campaign.cli.terminal import tell, tell_data
from storage.names import CampaignId

FILE = click.Path(path_type=Path, dir_okay=False)


class _ByCampaign(click.Group):
    """`campaign evidence ID` is short for `campaign evidence write ID`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["write", *args]
        return super().resolve_command(ctx, args)


@click.group("evidence", cls=_ByCampaign)
def evidence_command() -> None:
    """A signed bundle that proves a campaign: `campaign evidence ID`; and its check, offline."""


@evidence_command.command("write")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option("--out", type=OutputFile(), help="ID.evidence.zip in this folder by default.")
def write_command(campaign_id: CampaignId, out: Path | None) -> None:
    """Report, lock, verdicts, consents without names, runs and the manifest's leaves in one signed zip."""
    from campaign.evidence.bundle import write_bundle
    from campaign.operations.control import find_campaign

    path = out or Path(f"{campaign_id}.evidence.zip")
    with opened() as installation:
        find_campaign(installation, campaign_id)
        statement = write_bundle(installation, campaign_id, path)
    predicate = statement["predicate"]
    tell(
        f"{path}: {predicate['rows']:,} rows, root {predicate['manifest_root'][:16]}…, key {predicate['key'][:16]}…"
    )


@evidence_command.command("verify")
@click.argument("bundle", type=FILE)
@click.option(
    "--key", type=FILE, help="The sender's public key (PEM), from the sender; the bundle's own by default."
)
@click.option("--manifest", type=FILE, help="A manifest.jsonl whose every line must be in the bundle.")
@click.option("--disclosure", type=FILE, help="One recipient's line with its salt, from `evidence disclose`.")
@json_option
def verify_bundle_command(
    bundle: Path, key: Path | None, manifest: Path | None, disclosure: Path | None, as_json: bool
) -> None:
    """Check BUNDLE: signature, every file, the hash tree. Needs no installation and no network."""
    from campaign.evidence.check import verify_bundle, verify_disclosure, verify_manifest

    verified = verify_bundle(bundle, key=key)
    lines = None if manifest is None else verify_manifest(verified, manifest)
    disclosed = None if disclosure is None else verify_disclosure(verified, disclosure)
    if as_json:
        facts = {name: value for name, value in asdict(verified).items() if name != "leaves"}
        print_json({**facts, "manifest_lines": lines, "disclosed": disclosed})
        return
    tell(f"{bundle} holds", fg="green")
    tell(f"campaign {verified.campaign}, {verified.rows:,} rows, root {verified.manifest_root}")
    tell(f"signed by {verified.key_id}")
    if not verified.key_given:
        tell(
            "the key is the bundle's own: compare it with what the sender publishes, or give it with --key",
            fg="yellow",
            err=True,
        )
    if lines is not None:
        tell(f"all {lines:,} lines of {manifest} are in it")
    if disclosed is not None:
        tell(f"row {disclosed.get('row')}: {disclosed.get('status')}, sha256 {disclosed.get('sha256')}")


@evidence_command.command("disclose")
@click.argument("campaign_id", type=CAMPAIGN_ID)
@click.option("--row", type=click.IntRange(min=1), required=True)
def disclose_command(campaign_id: CampaignId, row: int) -> None:
    """One row's manifest line with its salt: proves that line, and no other, to whoever you give it to."""
    from campaign.evidence.bundle import disclose
    from campaign.operations.control import find_campaign

    with opened() as installation:
        find_campaign(installation, campaign_id)
        print_json(disclose(installation, campaign_id, row))


@evidence_command.command("key")
def public_key_command() -> None:
    """The public key that bundles are checked with: publish it."""
    from campaign.evidence.signature import public_pem, signing_key

    with opened() as installation:
        tell_data(public_pem(signing_key(installation.settings)).decode(), nl=False)
