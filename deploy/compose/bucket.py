"""Make the installation's bucket if there is none: what compose.yaml runs once. The settings say which."""

import contextlib

import boto3

from storage.settings import Settings

settings = Settings()
client = boto3.client(
    "s3",
    endpoint_url=settings.s3_endpoint_url,
    region_name=settings.s3_region,
    aws_access_key_id=settings.s3_access_key_id.get_secret_value(),
    aws_secret_access_key=settings.s3_secret_access_key.get_secret_value(),
)
with contextlib.suppress(client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
    client.create_bucket(Bucket=settings.object_store.removeprefix("s3://").partition("/")[0])
