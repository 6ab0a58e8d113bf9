"""Ed25519 over a DSSE envelope (https://github.com/secure-systems-lab/dsse), by `cryptography`.

The installation's key is `signing_key` of the settings, else a file in the home, made on first use. A key's id is the
sha256 of its public half in DER, which is what `openssl pkey -pubin -outform DER | sha256sum` prints.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ConfigDict, Field

from campaign.errors import EvidenceError, InputError
from storage.errors import HomeError
from storage.settings import Settings
from workers.documents import read_document
from workers.strict import Several, StrictTable, read

PAYLOAD_TYPE = "application/vnd.in-toto+json"
KEY_FILE = "signing-key.pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """An envelope whose signature holds."""

    payload: bytes
    key_id: str


class _Signature(StrictTable):
    model_config = ConfigDict(extra="ignore")  # `keyid` is a hint, which DSSE leaves to the signer

    sig: str


class _Envelope(StrictTable):
    model_config = ConfigDict(extra="ignore")

    payloadType: Literal["application/vnd.in-toto+json"]  # noqa: N815 - as DSSE has it
    payload: str
    signatures: Several[_Signature] = Field(min_length=1, max_length=16)


def signing_key(settings: Settings) -> Ed25519PrivateKey:
    """The installation's; raises `InputError` when what is configured is no Ed25519 key."""
    if text := settings.signing_key.get_secret_value():
        data = text.replace("\\n", "\n").encode()
    else:
        data = _own_key(settings.home / KEY_FILE)
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError) as exc:
        raise InputError(
            f"the signing key cannot be read: {exc}. `openssl genpkey -algorithm ed25519` makes one."
        ) from exc
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError("the signing key is not Ed25519. `openssl genpkey -algorithm ed25519` makes one.")
    return key


def _own_key(path: Path) -> bytes:
    try:
        if not path.exists():
            _make_key(path)
        return path.read_bytes()
    except OSError as exc:
        raise HomeError(
            f"the signing key {path} cannot be kept or read: {exc.strerror}. Let CAMPAIGN_HOME name a folder that "
            "takes files, or give CAMPAIGN_SIGNING_KEY."
        ) from exc


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        fresh.touch(mode=0o600)
        fresh.write_bytes(
            Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        with contextlib.suppress(FileExistsError):  # the first of two processes wins
            path.hardlink_to(fresh)
    finally:
        fresh.unlink(missing_ok=True)


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """What a third party needs."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_id(key: Ed25519PublicKey) -> str:
    """sha256 hex of the public key in DER."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def sign(payload: bytes, key: Ed25519PrivateKey) -> dict[str, Any]:
    """The envelope."""
    signature = key.sign(_encoded(PAYLOAD_TYPE, payload))
    return {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"keyid": key_id(key.public_key()), "sig": base64.b64encode(signature).decode()}],
    }


def open_envelope(envelope: bytes, public: bytes) -> Signed:
    """The payload of an envelope that the key in `public` (PEM) signed; raises `EvidenceError`."""
    try:
        written = read(_Envelope, read_document(envelope), where="it", error=ValueError)
        payload = base64.b64decode(written.payload, validate=True)
        signatures = [base64.b64decode(entry.sig, validate=True) for entry in written.signatures]
    except ValueError as exc:
        raise EvidenceError(f"the signature is not a DSSE envelope: {exc} Ask for the bundle again.") from exc
    try:
        key = serialization.load_pem_public_key(public)
    except (ValueError, UnsupportedAlgorithm) as exc:
        raise EvidenceError(f"the public key cannot be read: {exc}. Give a PEM file with --key.") from exc
    if not isinstance(key, Ed25519PublicKey):
        raise EvidenceError("the public key is not Ed25519. Ask the sender for `campaign evidence key`.")
    for signature in signatures:
        try:
            key.verify(signature, _encoded(PAYLOAD_TYPE, payload))
        except InvalidSignature:
            continue
        return Signed(payload=payload, key_id=key_id(key))
    raise EvidenceError(
        f"the bundle is not signed by key {key_id(key)[:16]}…, or it was changed. Do not rely on it."
    )


def _encoded(kind: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding."""
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)
