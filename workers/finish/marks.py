"""Marks that say that sound is synthetic, beyond the descriptor: signed provenance (C2PA) and an inaudible watermark.

A finish profile names the marks that its files must carry. They are set in this order: watermark, encode, tags, C2PA;
and read back from the final bytes. A file whose mark cannot be read back is not released, and where a mark cannot be
set at all the campaign is refused: never a silent no-op.

A watermark is a port, `Watermarker`, filled by an entry point of the group `campaign.watermarks`; none ships with this
program (docs/delivery.md says why).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import Any, Protocol

from workers.engines.engine import Pcm
from workers.errors import FinishError
from workers.finish.decoding import decoded

C2PA, WATERMARK = "c2pa", "watermark"
MARKS = (C2PA, WATERMARK)
CANNOT_HOLD: Mapping[str, frozenset[str]] = {"opus": frozenset({C2PA})}
"""Codecs whose files have no place for a mark: C2PA has none in Ogg."""
ENTRY_POINTS = "campaign.watermarks"
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
RULE_MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
UNTRAINED_ENGINES = frozenset({"espeak", "tone"})
DESCRIPTOR_ASSERTION = "campaign.asset"


class Watermarker(Protocol):
    """Hides a few bytes in sound and finds them again, after the delivery codec."""

    name: str
    payload_bytes: int

    def cannot_mark(self, codec: str, rate_hz: int) -> str | None:
        """Why files of this kind would lose the mark; None when they keep it."""
        ...

    def mark(self, pcm: Pcm, rate_hz: int, payload: bytes) -> Pcm:
        """The same sound to an ear, `int16 (samples,)`, as long as before."""
        ...

    def read(self, pcm: Pcm, rate_hz: int) -> bytes | None:
        """The payload; None where there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class C2paSigner:
    """A certificate chain (PEM, leaf first) and its key, by which files are signed through c2pa-python."""

    certificate: str
    private_key: str
    timestamp_url: str | None = None
    """An RFC 3161 authority; None signs without a time."""

    def problem(self) -> str | None:
        """Why nothing can be signed with it now; ends with the fix."""
        from cryptography import x509
        from cryptography.hazmat.primitives import serialization

        try:
            import c2pa  # noqa: F401
        except ImportError:
            return "C2PA needs c2pa-python. Install campaign[marks]."
        try:
            leaf = x509.load_pem_x509_certificate(self.certificate.encode())
            key = serialization.load_pem_private_key(self.private_key.encode(), password=None)
        except (ValueError, TypeError) as exc:
            return f"the C2PA certificate or its key cannot be read: {exc}. Give both as PEM."
        now = datetime.now(UTC)
        if now > leaf.not_valid_after_utc:
            return f"the C2PA certificate expired on {leaf.not_valid_after_utc:%Y-%m-%d}. Renew it."
        if now < leaf.not_valid_before_utc:
            return f"the C2PA certificate is not valid before {leaf.not_valid_before_utc:%Y-%m-%d}. Wait until then."
        if leaf.public_key() != key.public_key():
            return "the C2PA key is not the certificate's. Give the two that belong together."
        return None

    def sign(self, data: bytes, content_type: str, about: Mapping[str, Any], *, engine: str) -> bytes:
        """The file with its manifest; raises `FinishError` when the library refuses."""
        import json

        import c2pa

        manifest = json.dumps(
            {
                "claim_generator_info": [{"name": "campaign", "version": metadata.version("campaign")}],
                "assertions": [
                    {
                        "label": "c2pa.actions",
                        "data": {
                            "actions": [{"action": "c2pa.created", "digitalSourceType": _source(engine)}]
                        },
                    },
                    {"label": DESCRIPTOR_ASSERTION, "data": dict(about)},
                ],
            }
        )
        signed = io.BytesIO()
        try:
            info = c2pa.C2paSignerInfo(
                self._algorithm(),
                self.certificate.encode(),
                self.private_key.encode(),
                self.timestamp_url,
            )
            with c2pa.Signer.from_info(info) as signer, c2pa.Builder(manifest) as builder:
                builder.sign(signer, content_type, io.BytesIO(data), signed)
        except c2pa.C2paError as exc:
            raise FinishError("mark-missing", f"C2PA could not sign the file: {exc}") from exc
        return signed.getvalue()

    def _algorithm(self) -> str:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519

        key = serialization.load_pem_private_key(self.private_key.encode(), password=None)
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return "ed25519"
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return {256: "es256", 384: "es384"}.get(key.key_size, "es512")
        return "ps256"


def _source(engine: str) -> str:
    return RULE_MADE if engine in UNTRAINED_ENGINES else TRAINED


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What an installation can mark with."""

    signer: C2paSigner | None = None
    watermarker: Watermarker | None = None

    def problem(self, marks: tuple[str, ...], *, codec: str, rate_hz: int) -> str | None:
        """Why files of this kind cannot carry these marks; ends with the fix."""
        if C2PA in marks:
            if self.signer is None:
                return (
                    "no C2PA certificate is set. Set c2pa_certificate and c2pa_private_key, "
                    "or make test ones with `campaign marks test-certificate`."
                )
            if problem := self.signer.problem():
                return problem
        if WATERMARK in marks:
            if self.watermarker is None:
                return (
                    "no watermark library is installed. Install one with an entry point "
                    f"{ENTRY_POINTS}, or take watermark out of the marks; docs/delivery.md says which."
                )
            return self.watermarker.cannot_mark(codec, rate_hz)
        return None

    def watermark(self, pcm: Pcm, rate_hz: int, marks: tuple[str, ...], ids: Mapping[str, str]) -> Pcm:
        """The sound with its mark, where one is asked for."""
        if WATERMARK not in marks:
            return pcm
        assert self.watermarker is not None
        return self.watermarker.mark(pcm, rate_hz, payload_of(ids, self.watermarker.payload_bytes))

    def sign(
        self, data: bytes, content_type: str, marks: tuple[str, ...], ids: Mapping[str, str], engine: str
    ) -> bytes:
        """The file with its signed manifest, where one is asked for."""
        if C2PA not in marks:
            return data
        assert self.signer is not None
        return self.signer.sign(data, content_type, ids, engine=engine)

    def check(self, data: bytes, content_type: str, marks: tuple[str, ...], ids: Mapping[str, str]) -> None:
        """Read every mark back from the final bytes; raises `FinishError`."""
        if C2PA in marks:
            signed_ids = read_c2pa(data, content_type)
            if signed_ids != dict(ids):
                raise FinishError("mark-missing", "the C2PA manifest cannot be read back from the file")
        if WATERMARK in marks:
            assert self.watermarker is not None
            pcm, rate_hz = decoded(data, dtype="int16")
            payload = payload_of(ids, self.watermarker.payload_bytes)
            if self.watermarker.read(pcm, rate_hz) != payload:
                raise FinishError(
                    "mark-missing", f"the watermark of {self.watermarker.name} cannot be read back"
                )


def read_c2pa(data: bytes, content_type: str) -> dict[str, Any] | None:
    """Whom the manifest says the file is for; None where there is no valid one. The signer may be unknown."""
    import json

    import c2pa

    try:
        with c2pa.Reader(content_type, io.BytesIO(data)) as reader:
            store = json.loads(reader.json())
        if store.get("validation_state") not in ("Valid", "Trusted"):
            return None
        manifest = store["manifests"][store["active_manifest"]]
        ids = [
            assertion["data"]
            for assertion in manifest["assertions"]
            if assertion["label"] == DESCRIPTOR_ASSERTION
        ]
        return dict(ids[0]) if ids else None
    except (c2pa.C2paError, ValueError, KeyError, TypeError, AttributeError):  # none, or not as C2PA has them
        return None


def payload_of(ids: Mapping[str, str], size_bytes: int) -> bytes:
    """What a watermark says: the beginning of a digest of the file's ids."""
    text = "\n".join(f"{name}={ids[name]}" for name in sorted(ids))
    return hashlib.sha256(text.encode()).digest()[:size_bytes]


def installed_watermarker() -> Watermarker | None:
    """The first that an entry point gives. One that cannot be loaded is an error, not a missing one."""
    for point in metadata.entry_points(group=ENTRY_POINTS):
        watermarker: Watermarker = point.load()()
        return watermarker
    return None
