"""What a test needs to reach an S3 server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
from botocore.config import Config

from tests.servers.process import ServerProcess

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Endpoint:
    """A running S3 server and the keys it takes."""

    name: str
    endpoint_url: str
    access_key: str
    secret_key: str
    region: str = "us-east-1"
    process: ServerProcess

    @contextlib.contextmanager
    def client(self) -> Iterator[S3Client]:
        """A plain boto3 client for arranging tests."""
        client = boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
            config=Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required"),
        )
        try:
            yield client
        finally:
            client.close()

    def create_bucket(self) -> str:
        """A new empty bucket; returns its name."""
        bucket = f"t-{uuid4().hex[:12]}"
        with self.client() as client:
            client.create_bucket(Bucket=bucket)
        return bucket
