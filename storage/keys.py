"""Object names (contract 6): ids and keyed hashes only, never a name, a text or a number of a person.

    cache/<hmac of the synthesis key>/<sha256>                         private, shared by campaigns, with a TTL
    campaigns/<campaign id>/<row hmac>/v<version>/<sha256>.<extension> one recipient's own, and its captions
    presets/<name>/<version>/<sha256>.wav                              a preset's reference recording, private
    conditioning/<sound digest>/<pin digest>/<sha256>.safetensors      what an engine made of it, can be made again

Plain hashes of names can be guessed by hashing a directory of names, hence HMAC-SHA256 under the installation
secret, cut to 32 hex characters (128 bits).
"""

from __future__ import annotations

import hashlib
import hmac
import re

from storage.canonical import canonical_json
from storage.names import CampaignId, PresetName

HMAC_HEX_CHARACTERS = 32
MIN_SECRET_BYTES = 16
ROW_HMAC = re.compile(r"[0-9a-f]{32}")
SHA256_HEX = re.compile(r"[0-9a-f]{64}")
EXTENSION = re.compile(r"[a-z0-9]{1,8}")


def keyed_hash(secret: bytes, purpose: str, *parts: str) -> str:
    """HMAC-SHA256 of `purpose` and `parts`, 32 hex characters; other purpose, other hash.

    Raises ValueError when `secret` is shorter than 16 bytes.
    """
    if len(secret) < MIN_SECRET_BYTES:
        raise ValueError(f"the installation secret has {len(secret)} bytes; give at least {MIN_SECRET_BYTES}")
    message = canonical_json([purpose, *parts]).encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:HMAC_HEX_CHARACTERS]


def row_hmac(secret: bytes, campaign_id: CampaignId, recipient_id: str) -> str:
    """What stands for one recipient of one campaign everywhere outside the database."""
    return keyed_hash(secret, "row", campaign_id, recipient_id)


def cache_key(secret: bytes, *, synthesis_key: str, sha256: str) -> str:
    """Where an utterance's PCM lies; `sha256` is of the stored bytes."""
    return f"{cache_prefix(secret, synthesis_key=synthesis_key)}{_sha256(sha256)}"


def cache_prefix(secret: bytes, *, synthesis_key: str) -> str:
    """All objects of one synthesis key; ends with a slash."""
    return f"cache/{keyed_hash(secret, 'cache', synthesis_key)}/"


def asset_key(*, campaign_id: CampaignId, row_hmac: str, version: int, sha256: str, extension: str) -> str:
    """Where one version of one recipient's file lies; `sha256` is of the stored bytes."""
    if version < 1:
        raise ValueError(f"asset versions count from 1, not {version}")
    if not EXTENSION.fullmatch(extension):
        raise ValueError(f"not a file extension: {extension!r}")
    prefix = row_prefix(campaign_id=campaign_id, row_hmac=row_hmac)
    return f"{prefix}v{version}/{_sha256(sha256)}.{extension}"


def caption_key(object_key: str, extension: str) -> str:
    """Where captions of a file lie: beside it, under its name with another ending.

    Which ones a file has says its campaign's finish profile, which no version of a file outlives: so nothing has to
    remember their names, and they can never be named without their file.
    """
    stem, dot, _ = object_key.rpartition(".")
    if not dot or not EXTENSION.fullmatch(extension):
        raise ValueError(f"not a file and an extension: {object_key!r}, {extension!r}")
    return f"{stem}.{extension}"


def row_prefix(*, campaign_id: CampaignId, row_hmac: str) -> str:
    """All versions of one recipient's file; ends with a slash."""
    if not ROW_HMAC.fullmatch(row_hmac):
        raise ValueError(f"not a row hmac: {row_hmac!r}")
    return f"{campaign_prefix(campaign_id)}{row_hmac}/"


def preset_key(*, name: PresetName, version: int, sha256: str) -> str:
    """Where a preset's reference recording lies; `sha256` is of the stored bytes."""
    if version < 1:
        raise ValueError(f"preset versions count from 1, not {version}")
    return f"presets/{PresetName(name)}/{version}/{_sha256(sha256)}.wav"


def conditioning_key(*, sound_digest: str, pin_digest: str, sha256: str) -> str:
    """Where an engine's conditioning of a preset for one set of weights lies; `sha256` is of the stored bytes."""
    return f"conditioning/{_sha256(sound_digest)}/{_sha256(pin_digest)}/{_sha256(sha256)}.safetensors"


def conditioning_prefix(*, sound_digest: str) -> str:
    """All that engines made of one preset; ends with a slash."""
    return f"conditioning/{_sha256(sound_digest)}/"


def campaign_prefix(campaign_id: CampaignId) -> str:
    """All objects of one campaign; ends with a slash."""
    return f"campaigns/{CampaignId(campaign_id)}/"


def _sha256(value: str) -> str:
    if not SHA256_HEX.fullmatch(value):
        raise ValueError(f"not a sha256 in lower-case hex: {value!r}")
    return value
