"""Empties a bucket, so that S3 lets it be deleted."""

from __future__ import annotations

from itertools import chain, islice
from typing import Any

from wizard.engine.kind import Context
from wizard.errors import AwsError

BATCH = 1000
"""How many keys DeleteObjects takes."""


def empty(context: Context, name: str) -> None:
    """Delete every version and delete marker and abort every upload. Raises `AwsError` when S3 refuses one."""
    mine: dict[str, Any] = {"Bucket": name, "ExpectedBucketOwner": context.scope.account}
    pages = context.aws.pages
    versions = pages("s3", "list_object_versions", "Versions", **mine)
    markers = pages("s3", "list_object_versions", "DeleteMarkers", **mine)
    keys = ({"Key": one["Key"], "VersionId": one["VersionId"]} for one in chain(versions, markers))
    while batch := list(islice(keys, BATCH)):
        answer = context.aws.write("s3", "delete_objects", Delete={"Objects": batch, "Quiet": True}, **mine)
        for error in answer.get("Errors") or ():
            raise AwsError("s3:DeleteObjects", error.get("Code", ""), f"{error.get('Key')}: {error.get('Message')}")
    for upload in list(pages("s3", "list_multipart_uploads", "Uploads", **mine)):
        context.aws.write("s3", "abort_multipart_upload", Key=upload["Key"], UploadId=upload["UploadId"], **mine)
