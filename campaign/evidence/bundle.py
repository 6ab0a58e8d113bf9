"""`campaign evidence`: one signed zip that says what was made, with what, by whose leave, and by which verdicts.

    statement.dsse.json   in-toto statement over every other file, signed (signature.py)
    report.json  lock.json  runs.tsv  pins.json  verdicts.json  consents.json
    leaves.txt            the manifest's salted leaves, one a line: commitments, which stay valid after an erasure
    public-key.pem  README.txt

It holds ids, keyed hashes and digests only (contract 6). A single recipient's line is proven by `disclose`: the line
with its salt, which the operator hands out for that line alone.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from campaign.errors import ConflictError, NotFoundError
from campaign.evidence.runs import exported, write_runs_tsv
from campaign.evidence.signature import key_id, public_pem, sign, signing_key
from campaign.report.manifest import manifest_line, relative_url
from campaign.report.publish import publish_report
from campaign.results.folder import written_whole
from storage.canonical import canonical_json
from storage.history import delivery
from storage.installation import Installation
from storage.keys import campaign_prefix
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.registry import gates as gate_rows
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.session import Connection

PREDICATE_TYPE = "campaign/evidence@1"
STATEMENT = "statement.dsse.json"
PUBLIC_KEY = "public-key.pem"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
PERSONAL = ("person",)
"""Of a consent: it stays in the database."""

README = """Evidence of campaign {campaign}.

Check it, offline:   campaign evidence verify {name} --key KEY.pem

KEY.pem is the sender's public key, which you got from the sender and not out of this archive. By hand: the payload of
statement.dsse.json (base64) is an in-toto statement with the sha256 of every file here; its signature is Ed25519 over
the DSSE pre-authentication encoding, https://github.com/secure-systems-lab/dsse. leaves.txt are the leaves of the
manifest's hash tree (RFC 6962 hashing); their root is manifest_root in report.json.
"""


def write_bundle(installation: Installation, campaign_id: CampaignId, path: Path) -> dict[str, Any]:
    """Write the archive; returns the statement. Raises `ConflictError` for a campaign that has not ended."""
    with installation.database.read() as connection:
        campaign = campaign_rows.get(connection, campaign_id)
    if campaign.state not in campaign_rows.TERMINAL:
        raise ConflictError(
            f"campaign {campaign_id} is {campaign.state}: evidence is only given for one that has ended. "
            f"Continue it with `campaign resume {campaign_id}`."
        )
    key = signing_key(installation.settings)
    files = _files(installation, campaign)
    files["README.txt"] = README.format(campaign=campaign_id, name=path.name).encode()
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": name, "digest": {"sha256": hashlib.sha256(data).hexdigest()}}
            for name, data in sorted(files.items())
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "campaign": campaign_id,
            "manifest_root": json.loads(files["report.json"])["manifest_root"],
            "rows": files["leaves.txt"].count(b"\n"),
            "key": key_id(key.public_key()),
        },
    }
    files[STATEMENT] = canonical_json(sign(canonical_json(statement).encode(), key)).encode()
    files[PUBLIC_KEY] = public_pem(key)
    written_whole(path, lambda fresh: _write_zip(fresh, files))
    return statement


def _files(installation: Installation, campaign: Campaign) -> dict[str, bytes]:
    document = publish_report(installation, campaign.id).document
    with installation.database.read() as connection:
        leaves = "".join(f"{line['leaf']}\n" for line in _lines(connection, campaign.id))
        parts: dict[str, Any] = {
            "report.json": document,
            "lock.json": campaign.lock.as_json(),
            "pins.json": _pins(connection, campaign),
            "verdicts.json": _verdicts(connection, campaign),
            "consents.json": _consents(connection, campaign),
        }
    files = {name: canonical_json(part).encode() + b"\n" for name, part in parts.items()}
    return files | {"leaves.txt": leaves.encode(), "runs.tsv": _runs(installation, campaign.id)}


def _lines(connection: Connection, campaign_id: CampaignId) -> Iterator[dict[str, Any]]:
    prefix = campaign_prefix(campaign_id)
    for row in delivery.rows(connection, campaign_id):
        yield manifest_line(row, url=relative_url(row, prefix))


def _pins(connection: Connection, campaign: Campaign) -> list[dict[str, Any]]:
    pins = [pin_rows.find(connection, pin_id) for pin_id in _pin_ids(campaign)]
    return [
        {
            "id": pin.id,
            "digest": pin.digest,
            "engine": pin.engine,
            "repo": pin.repo,
            "revision": pin.revision,
            "files": dict(pin.files),
            "licence": pin.licence,
            "attribution": pin.attribution,
            "purposes": list(pin.purposes),
        }
        for pin in pins
        if pin is not None
    ]


def _pin_ids(campaign: Campaign) -> list[str]:
    return list(dict.fromkeys(lock.pin.id for lock in campaign.lock.with_replaced()))


def _verdicts(connection: Connection, campaign: Campaign) -> list[dict[str, Any]]:
    """Of every gate that one of the pins went through."""
    pin_ids = set(_pin_ids(campaign))
    return [
        {"gate": gate.id, "outcome": gate.outcome, "digest": gate.verdict_digest, "verdict": gate.verdict}
        for gate in reversed(gate_rows.all_gates(connection))
        if gate.candidate in pin_ids and gate.outcome is not None
    ]


def _consents(connection: Connection, campaign: Campaign) -> list[dict[str, Any]]:
    """What the speakers agreed to and when, with digests of the documents; who they are stays at the operator's."""
    consents = []
    locks = campaign.lock.with_replaced()
    for label in dict.fromkeys(label for lock in locks for label in lock.preset_labels):
        name, _, version = label.partition("@")
        preset = preset_rows.find(connection, name, int(version))
        if preset is None:
            continue
        for record in preset_rows.records(connection, preset):
            if record.kind in ("consent", "revocation", "retirement"):
                body = {key: value for key, value in record.body.items() if key not in PERSONAL}
                consents.append({"preset": label, "kind": record.kind, "t_ms": record.t_ms, "said": body})
    return consents


def _runs(installation: Installation, campaign_id: CampaignId) -> bytes:
    text = io.StringIO()
    try:
        write_runs_tsv(exported(installation, campaign_id), text)
    except NotFoundError:
        write_runs_tsv((), text)  # all its sound was made for earlier campaigns
    return text.getvalue().encode()


def _write_zip(path: Path, files: Mapping[str, bytes]) -> int:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), data, zipfile.ZIP_DEFLATED)
    return len(files)


def disclose(installation: Installation, campaign_id: CampaignId, row: int) -> dict[str, Any]:
    """One row's manifest line with its salt: what lets a third party find it among the bundle's leaves."""
    with installation.database.read() as connection:
        delivered = next(delivery.rows(connection, campaign_id, only=[row]), None)
    if delivered is None:
        raise NotFoundError(f"campaign {campaign_id} has no row {row}. Rows count from 1 after the header.")
    line = manifest_line(delivered, url=relative_url(delivered, campaign_prefix(campaign_id)))
    return {"campaign": campaign_id, "line": line, "salt": delivered.salt.hex()}
