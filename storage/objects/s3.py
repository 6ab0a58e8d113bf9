"""S3 and what speaks like it (AWS, R2, GCS, Ceph, Swift) as object store, over boto3.

boto3 since 1.36 adds a CRC32 that R2, GCS and others refuse, hence `when_required` and our own SHA-256, which
strict servers check. Not all do, so every put is proven: by the answer's ETag where it is the MD5 of our
bytes, by the checksum the server returns, or else by reading the object back.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from storage.errors import (
    ObjectCorruptError,
    ObjectMissingError,
    ObjectRefusedError,
    ObjectStoreError,
    StoreRefusedError,
    StoreUnavailableError,
)
from storage.objects.store import ObjectInfo, check_key, check_prefix, check_sha256

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_s3 import S3Client

MISSING_CODES = {"404", "NoSuchKey", "NotFound"}
UNVERSIONED_CODES = {"NotImplemented", "MethodNotAllowed", "501", "405"}
"""What servers answer that keep no versions."""
BUSY_CODES = {
    "SlowDown",
    "RequestTimeout",
    "Throttling",
    "ThrottlingException",
    "TooManyRequests",
    "InternalError",
    "OperationAborted",
    "ConditionalRequestConflict",
}
STORE_STATUSES = {301, 307, 308, 401, 402, 403, 405, 407, 410, 451, 501, 507}
"""What is answered to every object alike: elsewhere, no right, no such method, no room."""
STORE_CODES = {
    "AuthorizationHeaderMalformed",
    "AuthorizationQueryParametersError",
    "ExpiredToken",
    "IllegalLocationConstraintException",
    "InvalidAccessKeyId",
    "InvalidBucketName",
    "InvalidEncryptionAlgorithmError",
    "InvalidToken",
    "KMS.DisabledException",
    "KMS.NotFoundException",
    "NotImplemented",
    "RequestTimeTooSkewed",
    "TokenRefreshRequired",
    "XMinioAdminBucketQuotaExceeded",
    "XMinioStorageFull",
}
"""The same, by the code of the answer: a server may send them with a 400."""

LONGEST_LINK_S = 7 * 86_400
DELIVERED = re.compile(r"campaigns/[^/]+/[0-9a-f]{32}/v[0-9]+/[0-9a-f]{64}\.[a-z0-9]+")


def cache_control(key: str, seconds: int) -> str:
    """Delivered files never change under their name; artefacts do; the rest is nobody's but ours."""
    if DELIVERED.fullmatch(key):
        return f"public, max-age={seconds}, immutable"
    return "no-cache" if key.startswith("campaigns/") else "private, no-store"


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Options:
    """How to reach the bucket; None leaves it to boto3's own chain (environment, profile, instance role)."""

    endpoint_url: str | None = None
    region: str | None = None
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    addressing: Literal["auto", "path", "virtual"] = "auto"
    """`path` for servers without a wildcard host name."""
    encryption: Literal["AES256", "aws:kms"] | None = None
    """Server-side encryption asked for on each put."""
    kms_key_id: str | None = None
    public_base_url: str | None = None
    """A CDN in front of the prefix; `url` answers below it."""
    cache_s: int = 86_400
    """How long CDNs and browsers may keep a delivered file; its name is of its content, so it never changes."""
    attempts: int = 5
    """Attempts at one call in all, with boto3's standard back-off."""
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 30.0
    connections: int = 32
    """Kept open; at least one for each thread that stores."""


class S3ObjectStore:
    """Objects below one prefix of one bucket. One client, shared by threads."""

    def __init__(self, *, bucket: str, prefix: str = "", options: S3Options) -> None:
        if not bucket:
            raise ObjectRefusedError("the store's URL names no bucket; write s3://bucket/prefix")
        self._bucket = bucket
        self._prefix = f"{check_key(prefix)}/" if prefix else ""
        self._options = options
        self._client = _client(options)

    def put(
        self,
        key: str,
        data: bytes,
        *,
        sha256: str,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """See `ObjectStore`. One request, and one more only where the server's answer proves nothing."""
        check_sha256(key, data, sha256)
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        self._put(key, data, sha256=sha256, md5=md5, content_type=content_type, metadata=metadata or {})

    def put_file(self, key: str, path: Path, *, content_type: str) -> str:
        """See `ObjectStore`. One request: 5 GB at most."""
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            md5 = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
            file.seek(0)
            self._put(key, file, sha256=sha256, md5=md5, content_type=content_type, metadata={})
        return sha256

    def _put(
        self,
        key: str,
        body: bytes | IO[bytes],
        *,
        sha256: str,
        md5: str,
        content_type: str,
        metadata: Mapping[str, str],
    ) -> None:
        name = self._name(key)
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        with _translated(key, is_put=True):
            answer = self._client.put_object(
                Bucket=self._bucket,
                Key=name,
                Body=body,
                ChecksumSHA256=checksum,
                ContentType=content_type,
                CacheControl=cache_control(key, self._options.cache_s),
                Metadata={**metadata, "sha256": sha256},
                **self._encryption(),
            )
        if answer.get("ETag", "").strip('"') == md5 or answer.get("ChecksumSHA256") == checksum:
            return
        if hashlib.sha256(self.get(key)).hexdigest() != sha256:
            raise ObjectCorruptError(f"{key}: the store gave back other bytes than were put; try again")

    def probe(self, key: str) -> Mapping[str, bool]:
        """What this server does beyond what is needed; writes and removes one small object under `key`."""
        name = self._name(key)
        wrong = base64.b64encode(bytes(32)).decode()
        support = {
            "refuses wrong checksums": self._refuses({"Key": name, "Body": b"x", "ChecksumSHA256": wrong}),
            "conditional writes": self._refuses({"Key": name, "Body": b"y", "IfNoneMatch": "*"})
            if self._refuses({"Key": name, "Body": b"x"}) is False
            else False,
        }
        self.delete(key)
        return support

    def _refuses(self, request: Mapping[str, Any]) -> bool:
        """Whether a put is answered with a refusal of what it asks."""
        from botocore.exceptions import ClientError

        try:
            self._client.put_object(Bucket=self._bucket, **request)
        except ClientError as exc:
            status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if status in (400, 412):
                return True
            with _translated(request["Key"]):
                raise
        return False

    def sync(self) -> None:
        """See `ObjectStore`: nothing to do."""

    def get(self, key: str) -> bytes:
        """See `ObjectStore`."""
        with _translated(key):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._name(key))
            with contextlib.closing(answer["Body"]) as body:
                return body.read()

    def head(self, key: str) -> ObjectInfo | None:
        """See `ObjectStore`. The sha256 is the one declared at the put."""
        name = self._name(key)
        try:
            with _translated(key):
                answer = self._client.head_object(Bucket=self._bucket, Key=name)
        except ObjectMissingError:
            return None
        return ObjectInfo(
            key=key,
            size_bytes=answer["ContentLength"],
            modified_at=answer["LastModified"],
            sha256=answer["Metadata"].get("sha256"),
            content_type=answer.get("ContentType"),
        )

    def delete(self, key: str) -> None:
        """See `ObjectStore`. On a bucket with versioning this leaves a delete marker."""
        with contextlib.suppress(ObjectMissingError), _translated(key):
            self._client.delete_object(Bucket=self._bucket, Key=self._name(key))

    def erase(self, prefix: str) -> int:
        """See `ObjectStore`. Where the server knows no versions, the objects are removed."""
        check_prefix(prefix)
        removed = 0
        with _translated(prefix or "the bucket"):
            for name, version in self._versions(self._prefix + prefix):
                if version is None:
                    self._client.delete_object(Bucket=self._bucket, Key=name)
                else:
                    self._client.delete_object(Bucket=self._bucket, Key=name, VersionId=version)
                removed += 1
        return removed

    def _versions(self, prefix: str) -> list[tuple[str, str | None]]:
        """(name, version) of all that is or was below a prefix, delete markers too."""
        from botocore.exceptions import ClientError

        try:
            pages = self._client.get_paginator("list_object_versions").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            return [
                (entry["Key"], entry.get("VersionId"))
                for page in pages
                for entry in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
            ]
        except ClientError as problem:
            if problem.response.get("Error", {}).get("Code") not in UNVERSIONED_CODES:
                raise
        return [(self._prefix + info.key, None) for info in self.list(prefix.removeprefix(self._prefix))]

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectStore`."""
        check_prefix(prefix)
        with _translated(prefix or "the bucket"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix + prefix
            )
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield ObjectInfo(
                        key=entry["Key"].removeprefix(self._prefix),
                        size_bytes=entry["Size"],
                        modified_at=entry["LastModified"],
                    )

    def url(self, key: str) -> str:
        """`s3://bucket/prefix/key`, or below the public base URL."""
        check_key(key)
        if self._options.public_base_url:
            return f"{self._options.public_base_url.rstrip('/')}/{key}"
        return f"s3://{self._bucket}/{self._prefix}{key}"

    def presigned(self, key: str, *, expires_s: int) -> str:
        """See `ObjectStore`. Signature version 4, which servers take for seven days at most."""
        if not 0 < expires_s <= LONGEST_LINK_S:
            raise ObjectRefusedError(
                f"a link lasts from 1 s to {LONGEST_LINK_S // 86_400} days; ask for less"
            )
        with _translated(key):
            link: str = self._client.generate_presigned_url(
                "get_object", Params={"Bucket": self._bucket, "Key": self._name(key)}, ExpiresIn=expires_s
            )
        return link

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _name(self, key: str) -> str:
        return self._prefix + check_key(key)

    def _encryption(self) -> dict[str, Any]:
        options = self._options
        if options.encryption is None:
            return {}
        encryption: dict[str, Any] = {"ServerSideEncryption": options.encryption}
        if options.kms_key_id:
            encryption["SSEKMSKeyId"] = options.kms_key_id
        return encryption


def _client(options: S3Options) -> S3Client:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    config = Config(
        connect_timeout=options.connect_timeout_s,
        read_timeout=options.read_timeout_s,
        max_pool_connections=options.connections,
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"mode": "standard", "total_max_attempts": options.attempts},
        s3={"addressing_style": options.addressing},
        tcp_keepalive=True,
    )
    try:
        # a session of our own: boto3's default one is shared and not thread-safe
        return boto3.session.Session().client(
            "s3",
            endpoint_url=options.endpoint_url,
            region_name=options.region,
            aws_access_key_id=options.access_key,
            aws_secret_access_key=options.secret_key,
            aws_session_token=options.session_token,
            config=config,
        )
    except (BotoCoreError, ValueError) as problem:
        raise StoreRefusedError(
            f"S3: {problem}; check endpoint, region and keys in the settings"
        ) from problem


@contextlib.contextmanager
def _translated(what: str, *, is_put: bool = False) -> Iterator[None]:
    """boto3's errors as ours. What is missing at a put is no object."""
    from botocore import exceptions as boto

    try:
        yield
    except boto.ClientError as problem:
        error = _from_answer(what, problem)
        if is_put and isinstance(error, ObjectMissingError):
            error = StoreRefusedError(
                f"{what}: {problem}; there is no bucket or no S3 at the store's URL: correct it"
            )
        raise error from problem
    except (boto.HTTPClientError, boto.ConnectionError, boto.IncompleteReadError) as problem:
        raise StoreUnavailableError(f"{what}: {problem}; is the endpoint up and reachable?") from problem
    except boto.BotoCoreError as problem:
        raise StoreRefusedError(
            f"{what}: {problem}; check endpoint, region and keys in the settings"
        ) from problem


def _from_answer(what: str, problem: ClientError) -> ObjectStoreError:
    code = str(problem.response.get("Error", {}).get("Code", ""))
    status = int(problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code == "NoSuchBucket":
        return StoreRefusedError(f"{what}: {problem}; make the bucket or correct the store's URL")
    if code in MISSING_CODES or status == 404:
        return ObjectMissingError(f"no object {what}")
    if code in STORE_CODES or status in STORE_STATUSES:
        return StoreRefusedError(f"{what}: {status} {problem}; {_store_mend(status, code)}")
    if status >= 500 or status in (408, 429) or code in BUSY_CODES:
        return StoreUnavailableError(
            f"{what}: {status} {problem}; the store is busy or down, try again later"
        )
    return ObjectRefusedError(f"{what}: {status} {problem}; the store refuses this object")


def _store_mend(status: int, code: str) -> str:
    if status == 507 or code in ("XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded"):
        return "free space there or raise its quota"
    if code == "RequestTimeTooSkewed":
        return "set this host's clock"
    if status in (301, 307, 308):
        return "correct the endpoint and the region in the settings"
    if status in (405, 501) or code == "NotImplemented":
        return "correct the endpoint, or leave out what this server does not know (encryption)"
    return "check the keys, the region and the bucket's policy"
