"""A bundle may be anybody's: whatever is wrong in it is told with file and place, in little memory."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, x448
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from campaign.errors import EvidenceError, NotFoundError
from campaign.evidence.archive import unpack
from campaign.evidence.bundle import PUBLIC_KEY, STATEMENT, disclose, write_bundle
from campaign.evidence.check import Verified, verify_bundle, verify_disclosure, verify_manifest
from campaign.evidence.signature import open_envelope, public_pem, sign, signing_key
from tests import build
from tests.commands import run
from tests.examples import examples

DEEP = "[" * 100_000 + "]" * 100_000


@dataclass(frozen=True, slots=True)
class Made:
    bundle: Path
    key: Ed25519PrivateKey
    files: Mapping[str, bytes]
    statement: Mapping[str, Any]
    disclosed: Mapping[str, Any]

    def written(self, path: Path, changes: Mapping[str, bytes | None]) -> Path:
        """The bundle with other files."""
        files = {name: data for name, data in {**self.files, **changes}.items() if data is not None}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return path

    def signed(self, path: Path, payload: bytes) -> Path:
        return self.written(path, {STATEMENT: json.dumps(sign(payload, self.key)).encode()})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("bundle")
    installation = build.installation(folder / "home")
    campaign_id = build.submitted(installation, build.people(3), campaign_id="spring").campaign.id
    build.worked(installation, campaign_id)
    bundle = folder / "spring.zip"
    statement = write_bundle(installation, campaign_id, bundle)
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    yield Made(
        bundle, signing_key(installation.settings), files, statement, disclose(installation, campaign_id, 1)
    )
    installation.close()


def refused(path: Path, complaint: str) -> None:
    with pytest.raises(EvidenceError, match=complaint) as caught:
        verify_bundle(path)
    assert (
        str(caught.value).startswith(str(path))
        or "signature" in str(caught.value)
        or "key" in str(caught.value)
    )
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 1_000
    command = run("evidence", "verify", path)
    assert command.code == 3


def without(table: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """A copy without what stands at `path`."""
    copy = json.loads(json.dumps(table))
    at = copy
    for key in path[:-1]:
        at = at[int(key)] if isinstance(at, list) else at[key]
    del at[path[-1]]
    return dict(copy)


def with_(table: Mapping[str, Any], value: object, *path: str) -> dict[str, Any]:
    """A copy with another value at `path`."""
    copy = json.loads(json.dumps(table))
    at = copy
    for key in path[:-1]:
        at = at[int(key)] if isinstance(at, list) else at[key]
    at[path[-1]] = value
    return dict(copy)


STATEMENTS: dict[str, tuple[Callable[[Mapping[str, Any]], object], str]] = {
    "a list": (lambda _: [1], "statement"),
    "null": (lambda _: None, "statement"),
    "no predicate": (lambda s: without(s, "predicate"), "predicate"),
    "no subject": (lambda s: without(s, "subject"), "subject"),
    "no type": (lambda s: without(s, "predicateType"), "predicateType"),
    "another type": (lambda s: with_(s, "other@1", "predicateType"), "not evidence of a campaign"),
    "a subject that is a text": (lambda s: with_(s, "x", "subject"), "subject"),
    "a subject without digest": (lambda s: without(s, "subject", "0", "digest"), "digest"),
    "a digest that is a number": (lambda s: with_(s, 1, "subject", "0", "digest", "sha256"), "sha256"),
    "rows that are a text": (lambda s: with_(s, "3", "predicate", "rows"), "rows"),
    "rows below nothing": (lambda s: with_(s, -1, "predicate", "rows"), "rows"),
    "no root": (lambda s: without(s, "predicate", "manifest_root"), "manifest_root"),
    "a root that is a list": (lambda s: with_(s, ["x"], "predicate", "manifest_root"), "manifest_root"),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_signed_statement_of_another_shape_is_refused_with_its_key(
    made: Made, tmp_path: Path, name: str
) -> None:
    change, complaint = STATEMENTS[name]
    refused(made.signed(tmp_path / "b.zip", json.dumps(change(made.statement)).encode()), complaint)


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        (b"", "line 1, column 1"),
        (b"{", "line 1, column 2"),
        (b"\xff\xfe{", "not UTF-8 at byte 0"),
        (json.dumps({}).encode("utf-16"), "not UTF-8"),
        (DEEP.encode(), "line 1 has more than 64"),
        (b'{"predicate": {"rows": NaN}}', "NaN is no number"),
        (b'{"predicate": {"rows": 1e999}}', "beyond all measure"),
        (b'{"predicate": {"rows": 1' + b"0" * 9_000 + b"}}", "9,001 figures"),
        (b'{"predicateType": "a", "predicateType": "b"}', "'predicateType' stands twice"),
        (b'{"predicateType": "\\ud800"}', "half of a character"),
    ],
)
def test_a_signed_statement_that_has_no_one_reading_is_refused_with_its_place(
    made: Made, tmp_path: Path, payload: bytes, complaint: str
) -> None:
    refused(made.signed(tmp_path / "b.zip", payload), complaint)


ENVELOPES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "DSSE"),
    "a list": (b"[]", "DSSE"),
    "deep": (DEEP.encode(), "DSSE"),
    "no base64": (
        b'{"payloadType": "application/vnd.in-toto+json", "payload": "%%%", "signatures": [{"sig": "AA=="}]}',
        "DSSE",
    ),
    "broken base64": (
        b'{"payloadType": "application/vnd.in-toto+json", "payload": "AAA", "signatures": [{"sig": "AA=="}]}',
        "DSSE",
    ),
    "no ASCII": (
        '{"payloadType": "application/vnd.in-toto+json", "payload": "é", "signatures": []}'.encode(),
        "DSSE",
    ),
    "signatures that are a text": (
        b'{"payloadType": "x", "payload": "AA==", "signatures": "AA=="}',
        "signatures",
    ),
    "no signature": (b'{"payloadType": "x", "payload": "AA==", "signatures": []}', "signatures"),
    "a million signatures": (
        b'{"payloadType": "application/vnd.in-toto+json", "payload": "AA==", "signatures": ['
        + b'{"sig": ""},' * 50_000
        + b'{"sig": ""}]}',
        "signatures is",
    ),
    "a short signature": (
        b'{"payloadType": "application/vnd.in-toto+json", "payload": "AA==", "signatures": [{"sig": "AA=="}]}',
        "not signed by key",
    ),
    "another type": (
        json.dumps(
            {"payloadType": "text/plain", "payload": "AA==", "signatures": [{"sig": "AA=="}]}
        ).encode(),
        "payloadType",
    ),
    "more than a statement has": (b'{"payload": "' + b"A" * (2 << 20) + b'"}', "unpacks to"),
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_an_envelope_that_is_none_is_refused(made: Made, tmp_path: Path, name: str) -> None:
    data, complaint = ENVELOPES[name]
    refused(made.written(tmp_path / "b.zip", {STATEMENT: data}), complaint)


def pem(key: ec.EllipticCurvePrivateKey | x448.X448PrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"nonsense",
        b"-----BEGIN PUBLIC KEY-----\n%%%\n-----END PUBLIC KEY-----\n",
        b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(os.urandom(44)) + b"\n-----END PUBLIC KEY-----\n",
        b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        b"\0" * 100,
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(x448.X448PrivateKey.generate()),
        # a public key of an algorithm that nobody knows: 1.2.3.4
        b"-----BEGIN PUBLIC KEY-----\nMAswBQYDKgMEAwIAAQ==\n-----END PUBLIC KEY-----\n",
    ],
)
def test_a_key_that_is_none_is_refused(made: Made, tmp_path: Path, key: bytes) -> None:
    refused(made.written(tmp_path / "b.zip", {PUBLIC_KEY: key}), "public key")
    given_key = tmp_path / "key.pem"
    given_key.write_bytes(key)
    with pytest.raises(EvidenceError, match="public key"):
        verify_bundle(made.bundle, key=given_key)


def test_a_key_is_bounded_and_a_plain_file(made: Made, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "huge").write_bytes(b"A" * (1 << 17))
    for key, complaint in ((tmp_path / "pipe", "no plain file"), (Path("/dev/zero"), "no plain file")):
        with pytest.raises(EvidenceError, match=complaint):
            verify_bundle(made.bundle, key=key)
    with pytest.raises(EvidenceError, match="more than 65,536 bytes"):
        verify_bundle(made.bundle, key=tmp_path / "huge")
    for missing in (tmp_path, tmp_path / "none"):
        with pytest.raises((NotFoundError, EvidenceError)):
            verify_bundle(made.bundle, key=missing)


@pytest.mark.parametrize(
    "report", [b"", b"[]", b'{"rows": 1}', b'{"manifest_root": "x"}', b"\xff", DEEP.encode()]
)
def test_a_signed_report_of_another_shape_is_refused(made: Made, tmp_path: Path, report: bytes) -> None:
    digests = {**made.files, "report.json": report}
    statement = json.loads(json.dumps(made.statement))
    for subject in statement["subject"]:
        subject["digest"]["sha256"] = hashlib.sha256(digests[subject["name"]]).hexdigest()
    envelope = json.dumps(sign(json.dumps(statement).encode(), made.key)).encode()
    refused(made.written(tmp_path / "b.zip", {"report.json": report, STATEMENT: envelope}), r"report\.json")


def raw_zip(*entries: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for info, data in entries:
            archive.writestr(info, data)
    return stream.getvalue()


def entry(name: str, *, mode: int = 0, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = method
    info.external_attr = mode << 16
    return info


def flagged(data: bytes, bit: int) -> bytes:
    """The archive with a flag set in its table and before its file."""
    changed = bytearray(data)
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(magic) + at
        changed[place] |= bit
    return bytes(changed)


def lying(data: bytes, size_bytes: int) -> bytes:
    """The archive whose table says that its file has so many bytes."""
    changed = bytearray(data)
    for magic, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", changed, changed.find(magic) + at, size_bytes)
    return bytes(changed)


def tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("statement.dsse.json"))
    return stream.getvalue()


ZEROS = bytes(64 << 20)
ARCHIVES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "cut off or damaged"),
    "no archive": (lambda: b"PK nonsense", "cut off or damaged"),
    "a tar": (tar, "cut off or damaged"),
    "a bomb": (lambda: raw_zip((entry("runs.tsv"), ZEROS)), "unpacks to 67,108,864 bytes"),
    "a bomb under a kept name": (lambda: raw_zip((entry("report.json"), ZEROS)), "unpacks to"),
    "a table that says less": (lambda: lying(raw_zip((entry("runs.tsv"), ZEROS)), 100), "damaged"),
    "a table that says more": (lambda: lying(raw_zip((entry("a.txt"), b"x")), 0xFFFFFFF0), "unpacks to"),
    "a password": (lambda: flagged(raw_zip((entry("a.txt"), b"x")), 1), "encrypted, which no bundle is"),
    "bzip2": (lambda: raw_zip((entry("a.txt", method=zipfile.ZIP_BZIP2), b"x")), "packed by method 12"),
    "LZMA": (lambda: raw_zip((entry("a.txt", method=zipfile.ZIP_LZMA), b"x")), "packed by method 14"),
    "a link": (lambda: raw_zip((entry("key.pem", mode=0o120777), b"/etc/passwd")), "a link"),
    "a way out": (lambda: raw_zip((entry("../../etc/passwd"), b"x")), "such a name"),
    "a root": (lambda: raw_zip((entry("/etc/passwd"), b"x")), "such a name"),
    "a steering name": (lambda: raw_zip((entry("\x1b[2J.txt"), b"x")), "such a name"),
    "a folder": (lambda: raw_zip((entry("a/"), b"")), "a folder"),
    "a name twice": (lambda: raw_zip((entry("report.json"), b"{}"), (entry("report.json"), b"[]")), "twice"),
    "a long table": (lambda: raw_zip(*((entry(f"f{n}"), b"") for n in range(3_000))), "its table has"),
    "many files": (lambda: raw_zip(*((entry(f"f{n}"), b"") for n in range(100))), "100 files"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_no_bundle_is_is_refused_before_it_is_held(tmp_path: Path, name: str) -> None:
    make, complaint = ARCHIVES[name]
    path = tmp_path / "b.zip"
    path.write_bytes(make())
    tracemalloc.start()
    try:
        with pytest.raises(EvidenceError, match=complaint):
            unpack(path)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
    assert run("evidence", "verify", path).code == 3


def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    for path in (tmp_path, tmp_path / "pipe.zip", Path("/dev/zero")):
        with pytest.raises(EvidenceError, match="no plain file"):
            verify_bundle(path)
    (tmp_path / "round.zip").symlink_to(tmp_path / "round.zip")
    with pytest.raises((EvidenceError, NotFoundError)):
        verify_bundle(tmp_path / "round.zip")


LINES: list[tuple[bytes, str]] = [
    (b"[]", "line 1"),
    (b'{"leaf": ["x"]}', "leaf"),
    (b'{"leaf": "x"}', "leaf"),
    (b"{}", "leaf"),
    (b'{"leaf": NaN}', "NaN"),
    (DEEP.encode(), "line 1"),
    (b"\xff", "not UTF-8"),
    (b'{"leaf": "' + b"0" * 64 + b'"}', "not in the bundle"),
    (b"x" * (2 << 20), "a line beyond all measure"),
    (b"", "is empty"),
]


@pytest.fixture(scope="module")
def verified(made: Made) -> Verified:
    return verify_bundle(made.bundle)


@pytest.mark.parametrize(("text", "complaint"), LINES)
def test_a_manifest_that_is_none_is_refused_with_its_line(
    verified: Verified, tmp_path: Path, text: bytes, complaint: str
) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_bytes(text)
    with pytest.raises(EvidenceError, match=complaint) as caught:
        verify_manifest(verified, path)
    assert str(path) in str(caught.value)


def test_a_row_is_not_in_a_manifest_twice(verified: Verified, tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_text(2 * f'{{"leaf": "{min(verified.leaves)}"}}\n')
    with pytest.raises(EvidenceError, match="line 2: it was there before"):
        verify_manifest(verified, path)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: [d],
        lambda d: without(d, "salt"),
        lambda d: without(d, "line"),
        lambda d: without(d, "line", "leaf"),
        lambda d: with_(d, 5, "salt"),
        lambda d: with_(d, "zz", "salt"),
        lambda d: with_(d, "ab" * 100_000, "salt"),
        lambda d: with_(d, ["x"], "line"),
        lambda d: with_(d, {"a": 1}, "line", "leaf"),
        lambda d: with_(d, "\ud800", "line", "status"),
        lambda d: with_(d, "stored!", "line", "status"),
    ],
)
def test_a_disclosed_line_of_another_shape_is_refused(
    made: Made, verified: Verified, tmp_path: Path, change: Callable[[Mapping[str, Any]], object]
) -> None:
    path = tmp_path / "line.json"
    path.write_text(json.dumps(change(made.disclosed)))
    with pytest.raises(EvidenceError, match=r"line\.json") as caught:
        verify_disclosure(verified, path)
    assert str(caught.value).endswith(".")


@examples(60)
@given(st.data())
def test_a_damaged_bundle_is_refused_wherever_it_is_damaged(made: Made, data: st.DataObject) -> None:
    whole = bytearray(made.bundle.read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    path = made.bundle.with_name("damaged.zip")
    path.write_bytes(bytes(whole))
    try:
        found = verify_bundle(path)
    except EvidenceError:
        return
    assert found == verify_bundle(made.bundle), "a byte that says nothing, such as a time"


@examples(100)
@given(st.binary(max_size=200))
def test_no_bytes_are_an_envelope_by_chance(data: bytes) -> None:
    with pytest.raises(EvidenceError):
        open_envelope(data, public_pem(Ed25519PrivateKey.generate()))
